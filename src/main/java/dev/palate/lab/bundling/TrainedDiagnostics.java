package dev.palate.lab.bundling;

import dev.palate.core.bundle.BundleDiagnostics;
import dev.palate.core.taste.Likelihood;
import dev.palate.lab.data.DataException;
import dev.palate.lab.data.DataFile;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.finetune.FineTuning;
import dev.palate.lab.train.SeedRuns;
import dev.palate.lab.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a model beside the model itself, for {@code diagnostics.json}. Numbers are
 * rounded to four digits.
 */
public final class TrainedDiagnostics {

  private static final int LEAST_PAIRS = 20;

  /** A domain must hold one of so many parts of the held-out pairs to have a name of its own. */
  private static final int DOMAINS = 100;

  private final TrainingData data;
  private final PairScores scores;
  private final Likelihood likelihood;

  /**
   * @param scores of all pairs of the data
   */
  public TrainedDiagnostics(TrainingData data, PairScores scores, Likelihood likelihood) {
    this.data = data;
    this.scores = scores;
    this.likelihood = likelihood;
  }

  /**
   * Measures the model on the pairs it was not trained on.
   *
   * @param learning how it came to be; empty where that is not known
   * @throws DataException if no pair is held out
   */
  public BundleDiagnostics of(List<BundleDiagnostics.LearningCurve> learning) {
    int[] heldOut =
        IntStream.range(0, data.pairs().size())
            .filter(i -> data.splits().get(i) != Split.TRAIN)
            .toArray();
    if (heldOut.length == 0) {
      throw new DataException("no pair of the data is held out for validation or test");
    }
    Specialization experts =
        Specialization.of(
            Arrays.stream(heldOut).mapToObj(data.pairs()::get).toList(),
            scores.at(heldOut),
            Math.max(LEAST_PAIRS, heldOut.length / DOMAINS));
    return new BundleDiagnostics(
        learning,
        Stream.of(Split.VALIDATION, Split.TEST).flatMap(this::calibration).toList(),
        domains(experts),
        experts.domains().size() == 1 ? List.of() : rounded(experts.selectivity()));
  }

  /**
   * @param seeds of router and experts
   * @param tuning null where it was not asked for
   */
  static List<BundleDiagnostics.LearningCurve> learning(
      SeedRuns seeds, FineTuning.@Nullable Outcome tuning) {
    List<BundleDiagnostics.LearningCurve> curves = new ArrayList<>();
    seeds
        .bySeed()
        .forEach((seed, run) ->
            curves.add(
                new BundleDiagnostics.LearningCurve(
                    "head",
                    seed,
                    seed == seeds.keptSeed(),
                    run.best().epoch(),
                    epochs(run.epochs()))));
    if (tuning != null) {
      curves.add(
          new BundleDiagnostics.LearningCurve(
              "fine_tuning",
              tuning.settings().seed(),
              tuning.tuned() != null,
              tuning.kept().epoch(),
              epochs(tuning.epochs())));
    }
    return curves;
  }

  private static List<BundleDiagnostics.Epoch> epochs(List<Trainer.Epoch> epochs) {
    return epochs.stream()
        .map(epoch ->
            new BundleDiagnostics.Epoch(
                epoch.epoch(),
                Double.isNaN(epoch.loss()) ? null : rounded(epoch.loss()),
                rounded(epoch.validationLoss()),
                rounded(epoch.validationAccuracy())))
        .toList();
  }

  private Stream<BundleDiagnostics.Calibration> calibration(Split split) {
    int[] indices = data.indices(split);
    double[] margins = scores.at(indices).margins(likelihood.topM());
    return data.files().stream()
        .map(DataFile::name)
        .flatMap(dataset -> {
          int[] own =
              IntStream.range(0, indices.length)
                  .filter(i -> data.pairs().get(indices[i]).dataset().equals(dataset))
                  .toArray();
          return own.length == 0
              ? Stream.empty()
              : Stream.of(
                  calibration(dataset, split, Arrays.stream(own).mapToDouble(i -> margins[i])));
        });
  }

  private BundleDiagnostics.Calibration calibration(
      String dataset, Split split, DoubleStream margins) {
    ReliabilityBins bins = new ReliabilityBins();
    int pairs = 0;
    for (double margin : margins.toArray()) {
      bins.add(1, likelihood.probability(margin));
      pairs++;
    }
    return new BundleDiagnostics.Calibration(
        dataset,
        split.name().toLowerCase(Locale.ROOT),
        pairs,
        rounded(bins.error()),
        bins.bins().stream()
            .map(bin ->
                new BundleDiagnostics.Bin(
                    bin.low(),
                    bin.high(),
                    rounded(bin.share()),
                    rounded(bin.confidence()),
                    rounded(bin.accuracy())))
            .toList());
  }

  /** By the expert that leads there, those it is used for most first. */
  private static List<BundleDiagnostics.Domain> domains(Specialization experts) {
    return IntStream.range(0, experts.domains().size())
        .mapToObj(d ->
            new BundleDiagnostics.Domain(
                experts.domains().get(d),
                experts.pairs()[d],
                column(experts.routing(), d),
                column(experts.accuracy(), d)))
        .sorted(
            Comparator.comparingInt(TrainedDiagnostics::leader)
                .thenComparing(domain -> -domain.routing().get(leader(domain))))
        .toList();
  }

  private static int leader(BundleDiagnostics.Domain domain) {
    List<Double> routing = domain.routing();
    return IntStream.range(0, routing.size())
        .reduce((a, b) -> routing.get(b) > routing.get(a) ? b : a)
        .orElse(0);
  }

  private static List<Double> column(double[][] matrix, int d) {
    return rounded(Arrays.stream(matrix).mapToDouble(row -> row[d]).toArray());
  }

  private static List<Double> rounded(double[] values) {
    return Arrays.stream(values).map(TrainedDiagnostics::rounded).boxed().toList();
  }

  private static double rounded(double value) {
    return Math.round(value * 1e4) / 1e4;
  }
}
