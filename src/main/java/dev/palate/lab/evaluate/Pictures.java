package dev.palate.lab.evaluate;

import dev.palate.core.bundle.ExpertCard;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Taste;
import dev.palate.core.taste.TasteSolver;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.UserChoices;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.judge.Judge;
import dev.palate.lab.judge.Material;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What the report draws of the bundle itself: where it routes, and how some users differ. */
final class Pictures {

  /** A domain must hold one of so many parts of all pairs to have a column. */
  private static final int DOMAINS = 150;

  private static final int LEAST_PAIRS = 20;
  private static final int USERS_OF_A_DATASET = 2;
  private static final int SHOWN = 50;
  private static final int LONGEST_NAME = 40;

  private Pictures() {}

  /** The experts on the test pairs: where they are used, what each gets right, who agrees. */
  static List<Report.HeatMap> experts(Material material) {
    List<PreferencePair> pairs = material.data().of(Split.TEST);
    PairScores scores = material.scores().at(material.data().indices(Split.TEST));
    ExpertDiagnostics diagnostics =
        ExpertDiagnostics.of(
            names(material).subList(0, material.bundle().routedCount()),
            pairs,
            scores.routed().routing(),
            scores.routed().margins(),
            material.bundle().topM(),
            Math.max(LEAST_PAIRS, pairs.size() / DOMAINS));
    return List.of(
        new Report.HeatMap(
            "Where the router sends prompts",
            "Mean routing weight of the test pairs. A pair is shared among %.2f experts of %d; keeping the top %d costs %.2f points of accuracy."
                .formatted(
                    diagnostics.effectiveExperts(),
                    diagnostics.experts().size(),
                    diagnostics.topM(),
                    100 * diagnostics.topMCost()),
            diagnostics.experts(),
            diagnostics.domains(),
            diagnostics.routing()),
        new Report.HeatMap(
            "What each expert alone gets right, above chance",
            "Share of a domain's test pairs that the expert orders as labelled, less one half.",
            diagnostics.experts(),
            diagnostics.domains(),
            aboveChance(diagnostics.accuracy())),
        new Report.HeatMap(
            "Experts of one mind",
            "Correlation of the experts' margins over the test pairs.",
            diagnostics.experts(),
            diagnostics.experts(),
            diagnostics.correlation()));
  }

  private static double[][] aboveChance(double[][] accuracy) {
    return Arrays.stream(accuracy)
        .map(row -> Arrays.stream(row).map(share -> share - 0.5).toArray())
        .toArray(double[][]::new);
  }

  /** Of each data set, the unseen users with the most choices. */
  static List<Report.ShiftPlot> shifts(Material material, Judge judge) {
    List<Report.ShiftPlot> plots = new ArrayList<>();
    Judge.unseen(material.data(), Split.TEST)
        .forEach((dataset, users) -> {
          List<UserChoices> most =
              users.stream()
                  .sorted(Comparator.comparingInt(user -> -user.choices().size()))
                  .limit(USERS_OF_A_DATASET)
                  .toList();
          for (int u = 0; u < most.size(); u++) {
            int shown = Math.min(SHOWN, most.get(u).choices().size());
            List<LabelMargin> labels = material.ours().labels(judge.firstShown(most.get(u), shown));
            Taste taste = TasteSolver.solve(material.prior(), material.likelihood(), labels);
            plots.add(
                new Report.ShiftPlot(
                    "%s, unseen user %d, %d choices".formatted(dataset, u + 1, shown),
                    labels.size(),
                    names(material),
                    taste.shift(),
                    taste.uncertainty(),
                    taste.significant()));
          }
        });
    return plots;
  }

  private static List<String> names(Material material) {
    return material.bundle().experts().stream()
        .sorted(Comparator.comparingInt(ExpertCard::expert))
        .map(card -> cut(card.expert() + " " + card.name()))
        .toList();
  }

  private static String cut(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
  }
}
