package dev.palate.evaluation;

import dev.palate.reward.ExpertCard;
import dev.palate.taste.LabelMargin;
import dev.palate.taste.Taste;
import dev.palate.taste.TasteSolver;
import dev.palate.training.PreferencePair;
import dev.palate.training.Split;
import dev.palate.training.UserChoices;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the report draws of the bundle itself: where it routes, and how some users differ. */
final class Pictures {

  private static final int DOMAINS_OF_A_DATASET = 6;
  private static final int LEAST_PAIRS = 20;
  private static final int USERS_OF_A_DATASET = 2;
  private static final int SHOWN = 50;
  private static final int LONGEST_NAME = 40;

  private Pictures() {}

  /** Mean dense routing of test pairs, expert by domain; the largest domains of each data set. */
  static Report.HeatMap routing(Material material) {
    Map<String, Map<String, List<Integer>>> domains = new LinkedHashMap<>();
    for (int index : material.data().indices(Split.TEST)) {
      PreferencePair pair = material.data().pairs().get(index);
      domains
          .computeIfAbsent(pair.dataset(), key -> new LinkedHashMap<>())
          .computeIfAbsent(pair.context(), key -> new ArrayList<>())
          .add(index);
    }
    List<String> columns = new ArrayList<>();
    List<List<Integer>> pairs = new ArrayList<>();
    domains.forEach((dataset, contexts) ->
        contexts.entrySet().stream()
            .sorted(Comparator.comparingInt(entry -> -entry.getValue().size()))
            .limit(DOMAINS_OF_A_DATASET)
            .filter(entry -> contexts.size() == 1 || entry.getValue().size() >= LEAST_PAIRS)
            .forEach(entry -> {
              String context = entry.getKey();
              columns.add(cut(context.isEmpty() ? dataset : dataset + ": " + context));
              pairs.add(entry.getValue());
            }));
    double[][] values = new double[material.bundle().expertCount()][columns.size()];
    for (int c = 0; c < columns.size(); c++) {
      for (int pair : pairs.get(c)) {
        float[] routing = material.scores().routing()[pair];
        for (int k = 0; k < values.length; k++) {
          values[k][c] += routing[k] / pairs.get(c).size();
        }
      }
    }
    return new Report.HeatMap(
        "Where the router sends prompts",
        "Mean routing weight of the test pairs, expert by domain.",
        names(material),
        columns,
        values);
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
