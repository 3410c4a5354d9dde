package dev.palate.lab.controlled;

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
        neverHurts(results, Experiment.TASTE, "users who differ much", "accuracy gained"),
        neverHurts(results, Experiment.TASTE, "users who differ much", "log-likelihood gained"),
        neverHurts(results, Experiment.TASTE_ALIKE, "users who differ little", "accuracy gained"),
        neverHurts(
            results, Experiment.TASTE_ALIKE, "users who differ little", "log-likelihood gained"),
        new ControlledReport.Goal(
            "steering: experts whose own attribute is the largest",
            groups,
            worst(results, Experiment.STEERING, OURS, "own is largest")));
  }

  /** At every number of labels, less what MODEL.md grants to chance. */
  private static ControlledReport.Goal neverHurts(
      List<Results> results, Experiment experiment, String users, String figure) {
    return new ControlledReport.Goal(
        users + ": smallest " + figure, -0.003, worst(results, experiment, "", figure));
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
