package dev.palate.server.adaptation;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.DataSource;
import dev.palate.core.bundle.EncoderSpec;
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
import dev.palate.core.runtime.ModelSwitch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * A model without a network: expert k's reward of a response is how often the k-th letter of the
 * alphabet is in it; every prompt is routed alike. A test may stand in its way.
 */
public final class TestModel implements ModelSwitch {

  public static final int EXPERTS = 3;

  private final AtomicReference<String> version = new AtomicReference<>("0123abcd");
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicReference<BiFunction<List<ScoreItem>, ScoreResult, ScoreResult>> between =
      new AtomicReference<>((items, result) -> result);

  /** Called with what was scored, on the scoring thread, before the answer is given back. */
  public void between(BiFunction<List<ScoreItem>, ScoreResult, ScoreResult> action) {
    between.set(action);
  }

  public void reset() {
    between.set((items, result) -> result);
    version.set("0123abcd");
  }

  public void serveVersion(String newVersion) {
    version.set(newVersion);
  }

  public int calls() {
    return calls.get();
  }

  /** What serves now, of a version that stays: as every loaded model's does. */
  @Override
  public RewardModel current() {
    return new Served(bundle());
  }

  @Override
  public Place serving() {
    return new Place(Path.of("target", version.get()), bundle());
  }

  @Override
  public Optional<Place> previous() {
    return Optional.empty();
  }

  @Override
  public String configuredVersion() {
    return bundle().version();
  }

  /** The directory's name is the version. */
  @Override
  public Bundle activate(Path bundleDir) {
    serveVersion(bundleDir.getFileName().toString());
    return bundle();
  }

  /** Of what serves now. */
  public Bundle bundle() {
    double[][] covariance = new double[EXPERTS][EXPERTS];
    IntStream.range(0, EXPERTS).forEach(k -> covariance[k][k] = 0.25);
    float[][] none = new float[0][0];
    return new Bundle(
        "letters",
        version.get(),
        new EncoderSpec(
            EncoderSpec.Kind.TORCHSCRIPT, "none", "00", 8, 512, EncoderSpec.ResponseInput.RESPONSE),
        new Head(none, new float[0], none, new float[0], new float[EXPERTS][8]),
        1.0,
        0.02,
        2,
        new UserPrior(new double[] {0.1, 0, 0}, covariance),
        new double[] {0.5, 0.3, 0.2},
        IntStream.range(0, EXPERTS)
            .mapToObj(k -> new ExpertCard(k, "letter " + k, "Counts it", 0.3, List.of(), List.of()))
            .toList(),
        List.of(new DataSource("made up", "CC0-1.0", 10, 2)),
        Map.of());
  }

  private final class Served implements RewardModel {
    private final Bundle bundle;

    Served(Bundle bundle) {
      this.bundle = bundle;
    }

    @Override
    public Bundle bundle() {
      return bundle;
    }

    @Override
    public Placement placement() {
      return new Placement("cpu", "fp32", 512);
    }

    @Override
    public ScoreResult score(List<ScoreItem> items, ScoreOptions options) {
      calls.incrementAndGet();
      ScoreResult result =
          new ScoreResult.Scored(
              items.stream().map(TestModel::scores).toList(),
              new ScoreTimings(Duration.ZERO, Duration.ZERO, Duration.ZERO));
      return between.get().apply(items, result);
    }

    @Override
    public boolean isAlive() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static PromptScores scores(ScoreItem item) {
    return new PromptScores(
        new float[] {0.5f, 0.3f, 0.2f},
        1,
        false,
        item.responses().stream().map(r -> new ResponseScores(rewards(r), 1, false)).toList());
  }

  private static float[] rewards(String response) {
    float[] rewards = new float[EXPERTS];
    for (int k = 0; k < EXPERTS; k++) {
      char letter = (char) ('a' + k);
      rewards[k] = response.chars().filter(c -> c == letter).count();
    }
    return rewards;
  }
}
