package dev.palate.server.score;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleDiagnostics;
import dev.palate.core.bundle.BundleWarning;
import dev.palate.core.bundle.DataSource;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.ExamplePair;
import dev.palate.core.bundle.ExpertCard;
import dev.palate.core.bundle.Head;
import dev.palate.core.bundle.UserPrior;
import dev.palate.core.model.PromptScores;
import dev.palate.core.model.ResponseScores;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.ScoreTimings;
import dev.palate.core.runtime.LiveModel;
import dev.palate.core.traits.PairFeatures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A model without a network: scores follow from the texts' hashes, a word is a token. A test may
 * set what it answers next.
 */
public final class FakeModel implements RewardModel, LiveModel {

  public static final int EXPERTS = 4;
  static final int MAX_TOKENS = 20;
  static final double SCALE = 1.7;
  static final double LABEL_NOISE = 0.05;
  static final double[] PRIOR_MEAN = {0.1, 0, -0.2, 0};

  private volatile @Nullable ScoreResult next;
  private volatile int calls;
  private volatile boolean alive = true;
  private volatile @Nullable ScoreOptions lastOptions;
  private volatile List<ScoreItem> lastItems = List.of();
  private volatile @Nullable BundleDiagnostics diagnostics;
  private volatile @Nullable PairFeatures pair;
  private volatile List<ExamplePair> examplePairs = List.of();
  private volatile List<BundleWarning> warnings = List.of();

  public void answerNext(ScoreResult result) {
    next = result;
  }

  public int calls() {
    return calls;
  }

  @Nullable ScoreOptions lastOptions() {
    return lastOptions;
  }

  /** What the last call asked about. */
  public List<ScoreItem> lastItems() {
    return lastItems;
  }

  void alive(boolean alive) {
    this.alive = alive;
  }

  public void measured(@Nullable BundleDiagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /** What the bundle's training warned of. */
  public void warning(List<BundleWarning> told) {
    warnings = told;
  }

  /** What the bundle keeps of the pair that every card names. */
  public void keeping(List<ExamplePair> pairs) {
    examplePairs = pairs;
  }

  /** What its experts read of pairs, of which layer 2 is compared; null: nothing. */
  public void comparing(@Nullable PairFeatures pair) {
    this.pair = pair;
  }

  @Override
  public boolean isAlive() {
    return alive;
  }

  @Override
  public RewardModel current() {
    return this;
  }

  @Override
  public Bundle bundle() {
    List<ExpertCard> cards = new ArrayList<>();
    for (int k = 0; k < EXPERTS; k++) {
      ExpertCard.Fidelity fidelity =
          k == 1 ? new ExpertCard.Fidelity(0.8, 0.7, 0.9, 0.3, 120) : null;
      cards.add(
          new ExpertCard(
              k, "expert " + k, "Likes " + k, 0.25, List.of("chat"), List.of("pair-1"), fidelity));
    }
    double[][] covariance = new double[EXPERTS][EXPERTS];
    for (int k = 0; k < EXPERTS; k++) {
      covariance[k][k] = 1;
    }
    float[][] none = new float[0][0];
    PairFeatures read = pair;
    EncoderSpec encoder =
        new EncoderSpec(
            read == null ? EncoderSpec.Kind.TORCHSCRIPT : EncoderSpec.Kind.BERT,
            "none",
            "00",
            8,
            MAX_TOKENS,
            EncoderSpec.ResponseInput.RESPONSE);
    return new Bundle(
        "fake",
        "0123abcd",
        read == null ? encoder : encoder.withInteraction(List.of(2), MAX_TOKENS - 8),
        new Head(none, new float[0], none, new float[0], new float[EXPERTS][8]),
        null,
        read,
        SCALE,
        LABEL_NOISE,
        2,
        new UserPrior(PRIOR_MEAN, covariance),
        new double[] {0.25, 0.25, 0.25, 0.25},
        cards,
        List.of(new DataSource("made up", "CC0-1.0", 10, 2)),
        Map.of("accuracy", 0.71),
        diagnostics,
        examplePairs,
        warnings);
  }

  @Override
  public Placement placement() {
    return new Placement("cpu", "fp32", MAX_TOKENS);
  }

  @Override
  public ScoreResult score(List<ScoreItem> items, ScoreOptions options) {
    calls++;
    lastOptions = options;
    lastItems = List.copyOf(items);
    ScoreResult set = next;
    if (set != null) {
      next = null;
      return set;
    }
    List<PromptScores> scores = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      ScoreItem item = items.get(i);
      List<ResponseScores> responses = new ArrayList<>();
      for (int r = 0; r < item.responses().size(); r++) {
        int tokens = tokens(item.responses().get(r));
        if (tokens > MAX_TOKENS && !options.truncate()) {
          return new ScoreResult.TooLong(i, r, tokens, MAX_TOKENS);
        }
        responses.add(
            new ResponseScores(rewards(item.responses().get(r)), tokens, tokens > MAX_TOKENS));
      }
      int tokens = tokens(item.prompt().text());
      if (tokens > MAX_TOKENS && !options.truncate()) {
        return new ScoreResult.TooLong(i, -1, tokens, MAX_TOKENS);
      }
      scores.add(
          new PromptScores(routing(item.prompt().text()), tokens, tokens > MAX_TOKENS, responses));
    }
    return new ScoreResult.Scored(
        scores, new ScoreTimings(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3)));
  }

  static float[] rewards(String response) {
    Random random = new Random(response.hashCode());
    float[] rewards = new float[EXPERTS];
    for (int k = 0; k < EXPERTS; k++) {
      rewards[k] = (float) random.nextGaussian();
    }
    return rewards;
  }

  static float[] routing(String prompt) {
    Random random = new Random(prompt.hashCode());
    float[] routing = new float[EXPERTS];
    float total = 0;
    for (int k = 0; k < EXPERTS; k++) {
      routing[k] = random.nextFloat() + 0.01f;
      total += routing[k];
    }
    for (int k = 0; k < EXPERTS; k++) {
      routing[k] /= total;
    }
    return routing;
  }

  private static int tokens(String text) {
    return text.isBlank() ? 0 : text.strip().split("\\s+", -1).length;
  }

  @Override
  public void close() {}
}
