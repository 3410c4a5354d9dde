package dev.palate.core.model.torch;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.encoder.Sequence;
import dev.palate.core.encoder.SequenceTokenizer;
import dev.palate.core.model.ForwardCounts;
import dev.palate.core.model.Passage;
import dev.palate.core.model.PassageModel;
import dev.palate.core.model.PassageReading;
import dev.palate.core.model.PassageScore;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.ScoreTimings;
import dev.palate.core.model.batching.Batcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A bundle's archive in the engine, read by its tokenizer, shared through its batcher. */
public final class TorchRewardModel implements PassageModel {
  private final Bundle bundle;
  private final Placement placement;
  private final SequenceTokenizer tokenizer;
  private final Batcher batcher;

  public TorchRewardModel(
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
  public PassageReading read(List<Passage> passages, ScoreOptions options) {
    // before anything is tokenized, so that a refusal is cheap
    try (Batcher.Permit permit = batcher.tryAdmit(paddedTokens(passages))) {
      return permit == null
          ? new PassageReading.Refused(new ScoreResult.Overloaded(batcher.retryAfter()))
          : read(passages, options, permit);
    }
  }

  /** About what reading will need, guessed from the lengths of the texts. */
  private long paddedTokens(List<Passage> passages) {
    long tokens = 0;
    for (Passage passage : passages) {
      tokens += tokenizer.paddedTokens(passage.prompt().length() + passage.response().length());
    }
    return tokens;
  }

  private PassageReading read(List<Passage> passages, ScoreOptions options, Batcher.Permit permit) {
    long start = System.nanoTime();
    List<Sequence> sequences = sequences(passages);
    Duration tokenize = Duration.ofNanos(System.nanoTime() - start);
    if (!options.truncate()) {
      for (int i = 0; i < sequences.size(); i++) {
        if (sequences.get(i).truncated()) {
          return new PassageReading.TooLong(i, sequences.get(i).tokens());
        }
      }
    }
    Map<Sequence, Integer> rowOf = new LinkedHashMap<>();
    sequences.forEach(sequence -> rowOf.putIfAbsent(sequence, rowOf.size()));
    return switch (permit.compute(List.copyOf(rowOf.keySet()), options.deadline())) {
      case Batcher.Outcome.Refused refused ->
          new PassageReading.Refused(new ScoreResult.Overloaded(refused.retryAfter()));
      case Batcher.Outcome.Expired _ ->
          new PassageReading.Refused(new ScoreResult.DeadlineExceeded());
      case Batcher.Outcome.Done done -> {
        List<PassageScore> scores = new ArrayList<>(passages.size());
        for (int i = 0; i < passages.size(); i++) {
          Sequence sequence = sequences.get(i);
          float[] row = done.rows()[rowOf.getOrDefault(sequence, -1)];
          scores.add(score(passages.get(i).kind(), sequence, row));
        }
        yield new PassageReading.Read(
            scores, new ScoreTimings(done.queue(), tokenize, done.inference()));
      }
    };
  }

  /** One sequence per passage; the lone texts are tokenized together, and so are the pairs. */
  private List<Sequence> sequences(List<Passage> passages) {
    List<String> texts = new ArrayList<>(passages.size());
    List<String> prompts = new ArrayList<>();
    List<String> responses = new ArrayList<>();
    for (Passage passage : passages) {
      switch (passage.kind()) {
        case PROMPT -> texts.add(passage.prompt());
        case RESPONSE -> texts.add(passage.response());
        case PROMPT_AND_RESPONSE -> {
          prompts.add(passage.prompt());
          responses.add(passage.response());
        }
      }
    }
    Iterator<Sequence> single = tokenizer.single(texts).iterator();
    Iterator<Sequence> pairs = tokenizer.pairs(prompts, responses).iterator();
    List<Sequence> sequences = new ArrayList<>(passages.size());
    for (Passage passage : passages) {
      boolean pair = passage.kind() == Passage.Kind.PROMPT_AND_RESPONSE;
      sequences.add(pair ? pairs.next() : single.next());
    }
    return sequences;
  }

  /**
   * @param row {@code float[2k]}: rewards, then routing logits
   */
  private PassageScore score(Passage.Kind kind, Sequence sequence, float[] row) {
    int k = bundle.routedCount();
    boolean prompt = kind == Passage.Kind.PROMPT;
    float[] part = prompt ? Arrays.copyOfRange(row, k, 2 * k) : Arrays.copyOf(row, k);
    float[] values = !isFinite(part) ? new float[0] : prompt ? softmax(part) : part;
    return new PassageScore(values, sequence.tokens(), sequence.truncated());
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
