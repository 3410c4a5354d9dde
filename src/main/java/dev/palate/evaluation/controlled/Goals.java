package dev.palate.evaluation.controlled;

import java.util.List;

/** What the study was asked to show. */
final class Goals {

  private static final String OURS = "our losses";

  private Goals() {}

  static List<ControlledReport.Goal> of(ControlledSettings settings, List<Results> results) {
    double groups = settings.groups();
    return List.of(
        new ControlledReport.Goal(
            "hidden groups: NMI", 0.92, worst(results, Experiment.GROUPS, OURS, "NMI")),
        new ControlledReport.Goal(
            "hidden groups: groups recovered",
            groups,
            worst(results, Experiment.GROUPS, OURS, "groups")),
        new ControlledReport.Goal(
            "groups alike: NMI", 0.9, worst(results, Experiment.ALIKE, OURS, "NMI")),
        new ControlledReport.Goal(
            "groups alike: groups recovered",
            groups,
            worst(results, Experiment.ALIKE, OURS, "groups")),
        new ControlledReport.Goal(
            "mixed taste: accuracy gained, at any number of labels",
            -0.003,
            worst(results, Experiment.TASTE, "", "accuracy gained")),
        new ControlledReport.Goal(
            "mixed taste: log-likelihood gained, at any number of labels",
            0,
            worst(results, Experiment.TASTE, "", "log-likelihood gained")),
        new ControlledReport.Goal(
            "steering: experts whose own attribute is the largest",
            groups,
            worst(results, Experiment.STEERING, OURS, "own is largest")));
  }

  /** The smallest figure over the seeds and over the rows whose name starts like this. */
  private static double worst(
      List<Results> results, Experiment experiment, String row, String figure) {
    return results.stream()
        .filter(result -> result.id().equals(experiment.id()))
        .flatMap(result -> result.rows().stream())
        .filter(candidate -> candidate.name().startsWith(row))
        .flatMap(found -> found.figures().getOrDefault(figure, Spread.NONE).seeds().stream())
        .mapToDouble(Double::doubleValue)
        .min()
        .orElseThrow();
  }
}
