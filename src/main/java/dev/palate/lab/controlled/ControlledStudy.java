package dev.palate.lab.controlled;

import dev.palate.core.bundle.Head;
import dev.palate.core.model.torch.TorchEngine;
import dev.palate.core.taste.Prior;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** The controlled experiments of MODEL.md in one run: no data, no encoder, no bundle. */
public final class ControlledStudy {

  private static final String THREADS = "ai.djl.pytorch.num_threads";
  private static final double SOME_IN_COMMON = 0.5;
  private static final double MUCH_IN_COMMON = 0.9;

  private final ControlledSettings settings;
  private final Consumer<String> progress;
  private final Map<Experiment, Results.Gathering> figures = new EnumMap<>(Experiment.class);

  private ControlledStudy(ControlledSettings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Runs every experiment once per seed. The same settings and seeds give the same figures, but for
   * rounding in the engine.
   *
   * @param seeds how many, positive: worlds 1 to {@code seeds}
   * @param progress told in a line what comes next
   */
  public static ControlledReport run(
      ControlledSettings settings, int seeds, Consumer<String> progress) {
    if (seeds < 1) {
      throw new IllegalArgumentException("'seeds' must be positive, was " + seeds);
    }
    long start = System.nanoTime();
    startEngine();
    ControlledStudy study = new ControlledStudy(settings, progress);
    for (int seed = 1; seed <= seeds; seed++) {
      study.run(seed);
    }
    List<Results> results =
        study.figures.entrySet().stream()
            .map(entry -> entry.getKey().results(entry.getValue()))
            .toList();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new ControlledReport(settings, seeds, results, Goals.of(settings, results), seconds);
  }

  /**
   * Matrices this small gain nothing from a second thread, and lose much where cores are shared.
   */
  private static void startEngine() {
    if (System.getProperty(THREADS) == null) {
      System.setProperty(THREADS, "1");
    }
    TorchEngine.start();
  }

  private void run(int seed) {
    hiddenGroups(new GroupExperiment(settings, SOME_IN_COMMON, seed), Experiment.GROUPS, seed);
    GroupExperiment alike = new GroupExperiment(settings, MUCH_IN_COMMON, seed);
    hiddenGroups(alike, Experiment.ALIKE, seed);
    ablations(alike, seed);
    mixedTaste(seed);
  }

  private void hiddenGroups(GroupExperiment experiment, Experiment id, int seed) {
    add(id, "single head", experiment.singleHead());
    Losses ours = Losses.ours(settings.training());
    measure(experiment, id, ours.dense(), seed);
    measure(experiment, id, ours, seed);
    measure(experiment, id, ours.withLocalSparsity("without local sparsity", 0), seed);
    measure(experiment, id, ours.withGlobalBalance("without global balance", 0), seed);
    measure(experiment, id, ours.withDiversity("without diversity", 0), seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (Losses losses : List.of(ours.dense(), ours)) {
      Steering steering = Steering.of(experiment.world(), experiment.train(losses), random.split());
      String cosine = ", cosine " + experiment.world().cosine();
      add(Experiment.STEERING, losses.name() + cosine, steering.figures());
      if (seed == 1 && losses.equals(ours)) {
        Experiment matrix =
            id == Experiment.GROUPS ? Experiment.MATRIX_GROUPS : Experiment.MATRIX_ALIKE;
        steering.matrix().forEach((row, values) -> add(matrix, row, values));
      }
    }
  }

  private void ablations(GroupExperiment experiment, int seed) {
    Losses ours = Losses.ours(settings.training());
    for (int k : settings.expertCounts()) {
      measure(experiment, Experiment.EXPERTS, ours.withExperts("K = " + k, k), seed);
    }
    for (double s : List.of(0.0, 0.3, 1.0, 3.0)) {
      measure(
          experiment, Experiment.STRENGTHS, ours.withLocalSparsity("local sparsity " + s, s), seed);
    }
    for (double s : List.of(0.0, 0.1, 0.3, 1.0)) {
      measure(
          experiment, Experiment.STRENGTHS, ours.withGlobalBalance("global balance " + s, s), seed);
    }
    for (double s : List.of(0.0, 0.05, 0.5)) {
      measure(experiment, Experiment.STRENGTHS, ours.withDiversity("diversity " + s, s), seed);
    }
    for (double s : List.of(0.0, 1e-4, 1e-2)) {
      measure(experiment, Experiment.STRENGTHS, ours.withL2("l2 " + s, s), seed);
    }
  }

  private void measure(GroupExperiment experiment, Experiment id, Losses losses, int seed) {
    progress.accept("seed %d, %s: %s".formatted(seed, id.id(), losses.name()));
    Head head = experiment.train(losses);
    add(id, losses.name(), experiment.measure(head));
  }

  private void mixedTaste(int seed) {
    progress.accept("seed %d, users of mixed taste".formatted(seed));
    TasteExperiment much = new TasteExperiment(settings, 0, 0.7, seed);
    TasteExperiment little = new TasteExperiment(settings, SOME_IN_COMMON, 0.5, seed);
    Prior ridge = Prior.isotropic(settings.training().experts(), 1);
    for (int shown : TasteExperiment.SHOTS) {
      String row = "n = " + shown;
      add(Experiment.TASTE, row, much.measure(much.prior(), shown));
      add(Experiment.TASTE_ALIKE, row, little.measure(little.prior(), shown));
      add(Experiment.RIDGE, row, little.measure(ridge, shown));
    }
  }

  private void add(Experiment id, String row, Map<String, Double> values) {
    figures.computeIfAbsent(id, key -> new Results.Gathering()).add(row, values);
  }
}
