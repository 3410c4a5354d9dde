package dev.palate.reward;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A bundle's archive in the engine, read by its tokenizer, shared through its batcher. */
final class TorchRewardModel implements RewardModel {
  private final Bundle bundle;
  private final Placement placement;
  private final SequenceTokenizer tokenizer;
  private final Batcher batcher;

  TorchRewardModel(
      Bundle bundle, Placement placement, SequenceTokenizer tokenizer, Batcher batcher) {
    this.bundle = bundle;
    this.placement = placement;
    this.tokenizer = tokenizer;
    this.batcher = batcher;
  }

  @Override
  public Bundle bundle() {
    return bundle;
  }

  @Override
  public Placement placement() {
    return placement;
  }

  @Override
  public boolean isAlive() {
    return batcher.isAlive();
  }

  @Override
  public ScoreResult score(List<ScoreItem> items, ScoreOptions options) {
    if (items.isEmpty()) {
      throw new IllegalArgumentException("'items' must not be empty");
    }
    // before anything is tokenized, so that a refusal is cheap
    try (Batcher.Permit permit = batcher.tryAdmit(paddedTokens(items))) {
      return permit == null
          ? new ScoreResult.Overloaded(batcher.retryAfter())
          : score(items, options, permit);
    }
  }

  /** About what {@link #score} will need, guessed from the lengths of the texts. */
  private long paddedTokens(List<ScoreItem> items) {
    boolean pairs =
        bundle.encoder().responseInput() == EncoderSpec.ResponseInput.PROMPT_AND_RESPONSE;
    long tokens = 0;
    for (ScoreItem item : items) {
      int prompt = item.prompt().text().length();
      tokens += tokenizer.paddedTokens(prompt);
      for (String response : item.responses()) {
        tokens += tokenizer.paddedTokens(response.length() + (pairs ? prompt : 0));
      }
    }
    return tokens;
  }

  private ScoreResult score(List<ScoreItem> items, ScoreOptions options, Batcher.Permit permit) {
    long start = System.nanoTime();
    List<Sequence> prompts = tokenizer.single(items.stream().map(i -> i.prompt().text()).toList());
    List<Sequence> responses = responses(items);
    Duration tokenize = Duration.ofNanos(System.nanoTime() - start);
    if (!options.truncate()) {
      ScoreResult tooLong = tooLong(items, prompts, responses);
      if (tooLong != null) {
        return tooLong;
      }
    }
    Map<Sequence, Integer> rowOf = new LinkedHashMap<>();
    prompts.forEach(sequence -> rowOf.putIfAbsent(sequence, rowOf.size()));
    responses.forEach(sequence -> rowOf.putIfAbsent(sequence, rowOf.size()));
    return switch (permit.compute(List.copyOf(rowOf.keySet()), options.deadline())) {
      case Batcher.Outcome.Refused refused -> new ScoreResult.Overloaded(refused.retryAfter());
      case Batcher.Outcome.Expired _ -> new ScoreResult.DeadlineExceeded();
      case Batcher.Outcome.Done done ->
          assemble(
              items,
              prompts,
              responses,
              sequence -> done.rows()[rowOf.getOrDefault(sequence, -1)],
              new ScoreTimings(done.queue(), tokenize, done.inference()));
    };
  }

  /** The sequences the experts read: all items' responses, one after another. */
  private List<Sequence> responses(List<ScoreItem> items) {
    List<String> texts = items.stream().flatMap(item -> item.responses().stream()).toList();
    return switch (bundle.encoder().responseInput()) {
      case RESPONSE -> tokenizer.single(texts);
      case PROMPT_AND_RESPONSE -> {
        List<String> prompts = new ArrayList<>(texts.size());
        for (ScoreItem item : items) {
          item.responses().forEach(_ -> prompts.add(item.prompt().text()));
        }
        yield tokenizer.pairs(prompts, texts);
      }
    };
  }

  private ScoreResult.@Nullable TooLong tooLong(
      List<ScoreItem> items, List<Sequence> prompts, List<Sequence> responses) {
    int next = 0;
    for (int i = 0; i < items.size(); i++) {
      if (prompts.get(i).truncated()) {
        return new ScoreResult.TooLong(i, -1, prompts.get(i).tokens(), placement.maxTokens());
      }
      for (int j = 0; j < items.get(i).responses().size(); j++, next++) {
        if (responses.get(next).truncated()) {
          return new ScoreResult.TooLong(i, j, responses.get(next).tokens(), placement.maxTokens());
        }
      }
    }
    return null;
  }

  private interface Rows {
    /** {@code float[2k]}: rewards, then routing logits. */
    float[] of(Sequence sequence);
  }

  private ScoreResult assemble(
      List<ScoreItem> items,
      List<Sequence> prompts,
      List<Sequence> responses,
      Rows rows,
      ScoreTimings timings) {
    int k = bundle.expertCount();
    List<PromptScores> scores = new ArrayList<>(items.size());
    int next = 0;
    for (int i = 0; i < items.size(); i++) {
      float[] logits = Arrays.copyOfRange(rows.of(prompts.get(i)), k, 2 * k);
      boolean finite = isFinite(logits);
      List<ResponseScores> scored = new ArrayList<>();
      for (int j = 0; j < items.get(i).responses().size(); j++, next++) {
        Sequence response = responses.get(next);
        float[] rewards = Arrays.copyOf(rows.of(response), k);
        finite &= isFinite(rewards);
        scored.add(new ResponseScores(rewards, response.tokens(), response.truncated()));
      }
      if (!finite) {
        return new ScoreResult.NotFinite(i);
      }
      Sequence prompt = prompts.get(i);
      scores.add(new PromptScores(softmax(logits), prompt.tokens(), prompt.truncated(), scored));
    }
    return new ScoreResult.Scored(scores, timings);
  }

  private static boolean isFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  static float[] softmax(float[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double[] weights = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.exp(logits[i] - max);
      sum += weights[i];
    }
    float[] routing = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      routing[i] = (float) (weights[i] / sum);
    }
    return routing;
  }

  @Override
  public ForwardCounts counts() {
    return batcher.counts();
  }

  @Override
  public long waitingTokens() {
    return batcher.waitingTokens();
  }

  @Override
  public void close() {
    batcher.close();
    tokenizer.close();
  }
}
