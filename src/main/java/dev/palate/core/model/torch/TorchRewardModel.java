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
import dev.palate.core.traits.InteractionFeatures;
import dev.palate.core.traits.TokenStates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A bundle's archive in the engine, read by its tokenizer, shared through its batcher. */
public final class TorchRewardModel implements PassageModel {
  private static final float[] NOTHING = {};
  private static final Sequence NONE = new Sequence(new int[0], 0);

  private final Bundle bundle;

  /** Whether token states are compared. */
  private final boolean compares;

  private final Placement placement;
  private final SequenceTokenizer tokenizer;
  private final Batcher batcher;

  public TorchRewardModel(
      Bundle bundle, Placement placement, SequenceTokenizer tokenizer, Batcher batcher) {
    this.bundle = bundle;
    this.compares = bundle.readsInteraction();
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
    Set<String> prompts = new HashSet<>();
    for (Passage passage : passages) {
      tokens +=
          switch (passage.kind()) {
            case PROMPT -> {
              prompts.add(passage.prompt());
              yield tokenizer.paddedPromptTokens(passage.prompt().length());
            }
            case RESPONSE -> tokenizer.paddedTokens(passage.response().length());
            case PROMPT_AND_RESPONSE ->
                tokenizer.paddedTokens(passage.prompt().length() + passage.response().length());
            case PAIR_READ_APART ->
                tokenizer.paddedTokens(passage.response().length())
                    + (compares && prompts.add(passage.prompt())
                        ? tokenizer.paddedPromptTokens(passage.prompt().length())
                        : 0);
          };
    }
    return tokens;
  }

  private PassageReading read(List<Passage> passages, ScoreOptions options, Batcher.Permit permit) {
    long start = System.nanoTime();
    List<Reading> readings = readings(passages);
    Duration tokenize = Duration.ofNanos(System.nanoTime() - start);
    if (!options.truncate()) {
      for (int i = 0; i < readings.size(); i++) {
        Sequence sequence = readings.get(i).sequence();
        if (sequence.truncated()) {
          return new PassageReading.TooLong(i, sequence.tokens());
        }
      }
    }
    Map<Sequence, Integer> rowOf = new LinkedHashMap<>();
    for (Reading reading : readings) {
      rowOf.putIfAbsent(reading.sequence(), rowOf.size());
      if (reading.prompt() != null) {
        rowOf.putIfAbsent(reading.prompt(), rowOf.size());
      }
    }
    return switch (permit.compute(List.copyOf(rowOf.keySet()), options.deadline())) {
      case Batcher.Outcome.Refused refused ->
          new PassageReading.Refused(new ScoreResult.Overloaded(refused.retryAfter()));
      case Batcher.Outcome.Expired _ ->
          new PassageReading.Refused(new ScoreResult.DeadlineExceeded());
      case Batcher.Outcome.Done done -> {
        long computed = System.nanoTime();
        List<PassageScore> scores = new ArrayList<>(passages.size());
        for (int i = 0; i < passages.size(); i++) {
          Reading reading = readings.get(i);
          float[] row = done.rows()[rowOf.getOrDefault(reading.sequence(), -1)];
          Sequence prompt = reading.prompt();
          float[] interaction =
              prompt == null
                  ? NOTHING
                  : InteractionFeatures.of(
                      states(prompt, done.rows()[rowOf.getOrDefault(prompt, -1)]),
                      states(reading.sequence(), row));
          scores.add(score(passages.get(i).kind(), reading.sequence(), row, interaction));
        }
        Duration compare = Duration.ofNanos(System.nanoTime() - computed);
        yield new PassageReading.Read(
            scores, new ScoreTimings(done.queue(), tokenize, done.inference().plus(compare)));
      }
    };
  }

  private TokenStates states(Sequence sequence, float[] row) {
    return StateRows.of(row, 2 * bundle.routedCount(), sequence, tokenizer, bundle.encoder());
  }

  /**
   * What is read for a passage.
   *
   * @param sequence whose answer is the passage's
   * @param prompt whose token states are compared with the sequence's; null where none are
   */
  private record Reading(Sequence sequence, @Nullable Sequence prompt) {}

  /** Prompts, responses and pairs are tokenized together, each different prompt once. */
  private List<Reading> readings(List<Passage> passages) {
    SequencedMap<String, Sequence> prompts = new LinkedHashMap<>();
    List<String> responses = new ArrayList<>(passages.size());
    List<String> firsts = new ArrayList<>();
    List<String> seconds = new ArrayList<>();
    for (Passage passage : passages) {
      switch (passage.kind()) {
        case PROMPT -> prompts.put(passage.prompt(), NONE);
        case RESPONSE -> responses.add(passage.response());
        case PROMPT_AND_RESPONSE -> {
          firsts.add(passage.prompt());
          seconds.add(passage.response());
        }
        case PAIR_READ_APART -> {
          responses.add(passage.response());
          if (compares) {
            prompts.put(passage.prompt(), NONE);
          }
        }
      }
    }
    Iterator<Sequence> read = tokenizer.prompts(List.copyOf(prompts.keySet())).iterator();
    prompts.replaceAll((prompt, none) -> read.next());
    Iterator<Sequence> single = tokenizer.single(responses).iterator();
    Iterator<Sequence> pairs = tokenizer.pairs(firsts, seconds).iterator();
    List<Reading> readings = new ArrayList<>(passages.size());
    for (Passage passage : passages) {
      Sequence prompt = prompts.get(passage.prompt());
      readings.add(
          switch (passage.kind()) {
            case PROMPT -> new Reading(Objects.requireNonNull(prompt), null);
            case RESPONSE -> new Reading(single.next(), null);
            case PROMPT_AND_RESPONSE -> new Reading(pairs.next(), null);
            case PAIR_READ_APART -> new Reading(single.next(), compares ? prompt : null);
          });
    }
    return readings;
  }

  /**
   * @param row {@code float[2k ..]}: rewards, then routing logits
   * @param interaction what is said of the passage behind its rewards
   */
  private PassageScore score(
      Passage.Kind kind, Sequence sequence, float[] row, float[] interaction) {
    int k = bundle.routedCount();
    boolean prompt = kind == Passage.Kind.PROMPT;
    float[] part = prompt ? Arrays.copyOfRange(row, k, 2 * k) : Arrays.copyOf(row, k);
    if (!isFinite(part) || !isFinite(interaction)) {
      return new PassageScore(NOTHING, sequence.tokens(), sequence.truncated());
    }
    float[] values = prompt ? softmax(part) : Arrays.copyOf(part, k + interaction.length);
    System.arraycopy(interaction, 0, values, k, interaction.length);
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
