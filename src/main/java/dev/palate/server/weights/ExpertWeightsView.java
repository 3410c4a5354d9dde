package dev.palate.server.weights;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.ExpertCard;
import dev.palate.core.taste.SolverVersion;
import dev.palate.server.store.StoredWeights;
import dev.palate.server.store.UserId;
import dev.palate.server.store.WeightsStatus;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A user's weights as people read them.
 *
 * @param version 0: never solved for this model
 * @param solverVersion of the solver that the weights are of; below the service's own where they
 *     are yet to be solved again after an upgrade
 * @param labels how many the user has
 * @param solvedLabels how many of them the weights come from: all where the status is current, but
 *     for those without finite scores and those whose texts were dropped before this model came
 * @param agreement share of the solved preferences that the weights order as labelled, ties left
 *     out; null without any
 * @param experts the largest shift first
 */
public record ExpertWeightsView(
    UserId user,
    String model,
    String modelVersion,
    long version,
    int solverVersion,
    WeightsStatus status,
    int labels,
    int solvedLabels,
    @Nullable Double agreement,
    @Nullable Instant solvedAt,
    List<Expert> experts,
    TasteSummary summary) {

  /**
   * @param weight {@code prior + shift}
   * @param prior mean routing weight over the training prompts
   * @param uncertainty one standard deviation of the shift
   * @param significant whether the shift is more than labels at random would give
   */
  @Schema(name = "ExpertWeight")
  public record Expert(
      int expert,
      String name,
      String description,
      double weight,
      double prior,
      double shift,
      double uncertainty,
      boolean significant) {}

  /** One entry per expert of the bundle, the largest shift first; of equal shifts the heaviest. */
  public static List<Expert> experts(
      Bundle bundle, double[] shift, double[] uncertainty, boolean[] significant) {
    double[] prior = bundle.meanRouting();
    return IntStream.range(0, bundle.expertCount())
        .mapToObj(k -> {
          ExpertCard card = bundle.experts().get(k);
          return new Expert(
              k,
              card.name(),
              card.description(),
              prior[k] + shift[k],
              prior[k],
              shift[k],
              uncertainty[k],
              significant[k]);
        })
        .sorted(
            Comparator.comparingDouble((Expert expert) -> Math.abs(expert.shift()))
                .thenComparingDouble(Expert::weight)
                .reversed())
        .toList();
  }

  static List<Expert> experts(Bundle bundle, StoredWeights weights) {
    return experts(
        bundle, widen(weights.shift()), widen(weights.uncertainty()), weights.significant());
  }

  static ExpertWeightsView solved(UserId user, Bundle bundle, StoredWeights weights, int labels) {
    List<Expert> experts = experts(bundle, weights);
    boolean current = weights.solvedSeq() >= weights.feedbackSeq();
    return new ExpertWeightsView(
        user,
        bundle.name(),
        bundle.version(),
        weights.version(),
        weights.solverVersion(),
        current ? WeightsStatus.CURRENT : WeightsStatus.PENDING,
        labels,
        weights.labels(),
        Double.isNaN(weights.agreement()) ? null : weights.agreement(),
        weights.solvedAt(),
        experts,
        TasteSummary.of(bundle, experts, weights.labels()));
  }

  /** A user without weights for this model stands at the bundle's prior. */
  static ExpertWeightsView unsolved(UserId user, Bundle bundle, WeightsStatus status, int labels) {
    double[] mean = bundle.prior().mean();
    double[] uncertainty = new double[mean.length];
    for (int k = 0; k < mean.length; k++) {
      uncertainty[k] = Math.sqrt(bundle.prior().covariance()[k][k]);
    }
    return new ExpertWeightsView(
        user,
        bundle.name(),
        bundle.version(),
        0,
        SolverVersion.CURRENT,
        status,
        labels,
        0,
        null,
        null,
        experts(bundle, mean, uncertainty, new boolean[mean.length]),
        new TasteSummary(null, null));
  }

  /** The same with the first experts alone. */
  ExpertWeightsView limited(int most) {
    return new ExpertWeightsView(
        user,
        model,
        modelVersion,
        version,
        solverVersion,
        status,
        labels,
        solvedLabels,
        agreement,
        solvedAt,
        experts.stream().limit(most).toList(),
        summary);
  }

  private static double[] widen(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(k -> values[k]).toArray();
  }
}
