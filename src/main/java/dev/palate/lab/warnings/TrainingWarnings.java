package dev.palate.lab.warnings;

import dev.palate.core.bundle.BundleWarning;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.MixtureSolver;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.ScaleGrid;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.PairScores;
import java.util.ArrayList;
import java.util.List;

/**
 * The warnings of a training, for its report, the model card and the bundle: {@link RuleComparison}
 * on validation, {@link PriorReach}, {@link RaterCount}, and the lines dropped as leaking.
 */
public final class TrainingWarnings {

  private TrainingWarnings() {}

  /**
   * @param labelled all that people labelled, whose raters are counted
   * @param data of which pairs are judged
   * @param scores of all pairs of the data
   * @param likelihood as calibrated
   * @return none where there is nothing to warn of
   */
  public static List<BundleWarning> of(
      TrainingData labelled,
      TrainingData data,
      PairScores scores,
      Likelihood likelihood,
      Prior prior,
      ScaleGrid grid,
      long seed) {
    int[] validation = data.indices(Split.VALIDATION);
    List<BundleWarning> warnings =
        new ArrayList<>(
            RuleComparison.warnings(
                data.of(Split.VALIDATION), scores.at(validation).margins(likelihood.topM())));
    PriorReach.Result reach =
        PriorReach.measure(
            scores,
            validation,
            new MixtureSolver(prior, likelihood, grid),
            prior,
            likelihood,
            seed);
    if (reach != null) {
      reach.warning().ifPresent(warnings::add);
    }
    RaterCount.of(labelled).warning().ifPresent(warnings::add);
    if (!data.leaks().isEmpty()) {
      warnings.add(LeakageWarning.of(data.leaks()));
    }
    return warnings;
  }
}
