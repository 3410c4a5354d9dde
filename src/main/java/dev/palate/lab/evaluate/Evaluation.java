package dev.palate.lab.evaluate;

import dev.palate.lab.data.DataFile;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.UserChoices;
import dev.palate.lab.judge.Calibrated;
import dev.palate.lab.judge.Judge;
import dev.palate.lab.judge.Material;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Measures rules on the test split of a material.
 *
 * @param shots numbers of choices that users show
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Evaluation(int[] shots, Judge judge, Bootstrap bootstrap) {

  /** Choices shown where calibration is looked at, if the shots have it. */
  private static final int CALIBRATION_SHOTS = 10;

  /** A rule that knows less than this share of a data set's pairs is left out there. */
  private static final double LEAST_COVERED = 0.5;

  /** Users and a number of choices they show. */
  private record Task(String dataset, List<UserChoices> users, int shown) {}

  /** What one resampling draws: a user's pairs, or a prompt's where there are no users. */
  private record Unit(boolean user, int[] pairs) {}

  /**
   * @param rules ours first
   */
  Section measure(Material material, List<Calibrated> rules) {
    Map<String, List<Unit>> units = units(material);
    List<Section.Accuracy> accuracy = new ArrayList<>();
    List<Section.Calibration> calibration = new ArrayList<>();
    Calibrated ours = rules.getFirst();
    units.forEach((dataset, of) -> {
      for (Calibrated rule : rules) {
        double covered = covered(rule, of);
        if (covered >= LEAST_COVERED) {
          accuracy.add(accuracy(dataset, rule, of, covered));
        }
      }
      calibration.add(calibration(dataset, ours, of));
    });
    Map<String, List<UserChoices>> unseen = Judge.unseen(material.data(), Split.TEST);
    List<Task> tasks = new ArrayList<>();
    unseen.forEach((dataset, users) -> {
      for (int shown : shots) {
        List<UserChoices> eligible = Judge.eligible(users, shown);
        if (!eligible.isEmpty()) {
          tasks.add(new Task(dataset, eligible, shown));
        }
      }
    });
    List<Section.Point> curves =
        tasks.parallelStream()
            .flatMap(
                task -> points(task, rules, units.getOrDefault(task.dataset(), List.of())).stream())
            .toList();
    for (Task task : tasks) {
      if (task.shown() == calibrationShots()) {
        calibration.addAll(calibration(task, ours));
      }
    }
    return new Section(accuracy, curves, calibration);
  }

  private int calibrationShots() {
    return Arrays.stream(shots).anyMatch(shown -> shown == CALIBRATION_SHOTS)
        ? CALIBRATION_SHOTS
        : Arrays.stream(shots).max().orElse(0);
  }

  private static Map<String, List<Unit>> units(Material material) {
    Map<String, Map<String, List<Integer>>> pairs = new LinkedHashMap<>();
    Map<String, List<Unit>> units = new LinkedHashMap<>();
    for (DataFile file : material.data().files()) {
      pairs.put(file.name(), new LinkedHashMap<>());
    }
    for (int index : material.data().indices(Split.TEST)) {
      PreferencePair pair = material.data().pairs().get(index);
      String user = pair.userKey();
      // A line break is in no user's key and keeps the two kinds of unit apart
      String unit = user == null ? "prompt\n" + pair.prompt().text() : user;
      pairs
          .computeIfAbsent(pair.dataset(), key -> new LinkedHashMap<>())
          .computeIfAbsent(unit, key -> new ArrayList<>())
          .add(index);
    }
    pairs.forEach((dataset, of) -> {
      List<Unit> list = new ArrayList<>();
      of.forEach((unit, indices) ->
          list.add(
              new Unit(
                  !unit.startsWith("prompt\n"),
                  indices.stream().mapToInt(Integer::intValue).toArray())));
      if (!list.isEmpty()) {
        units.put(dataset, list);
      }
    });
    return units;
  }

  private static double covered(Calibrated rule, List<Unit> units) {
    return units.stream()
        .flatMapToInt(unit -> Arrays.stream(unit.pairs()))
        .mapToDouble(pair -> rule.rule().covers(pair) ? 1 : 0)
        .average()
        .orElse(0);
  }

  private Section.Accuracy accuracy(
      String dataset, Calibrated rule, List<Unit> units, double covered) {
    double[] sizes = units.stream().mapToDouble(unit -> unit.pairs().length).toArray();
    double[] right = new double[sizes.length];
    double[] losses = new double[sizes.length];
    for (int u = 0; u < sizes.length; u++) {
      for (int pair : units.get(u).pairs()) {
        double margin = rule.rule().unadapted(pair);
        right[u] += Calibrated.right(margin);
        losses[u] += rule.logLoss(margin);
      }
    }
    return new Section.Accuracy(
        dataset,
        rule.rule().name(),
        (int) Arrays.stream(sizes).sum(),
        bootstrap.ratio(right, sizes),
        userMean(units, right),
        bootstrap.ratio(losses, sizes),
        covered);
  }

  private @Nullable Figure userMean(List<Unit> units, double[] right) {
    List<Double> means = new ArrayList<>();
    for (int u = 0; u < right.length; u++) {
      if (units.get(u).user()) {
        means.add(right[u] / units.get(u).pairs().length);
      }
    }
    return means.isEmpty()
        ? null
        : bootstrap.mean(means.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private List<Section.Point> points(Task task, List<Calibrated> rules, List<Unit> units) {
    List<Judge.Outcome> ours = judge.outcomes(rules.getFirst(), task.users(), task.shown());
    List<Section.Point> points = new ArrayList<>();
    for (Calibrated rule : rules) {
      if (covered(rule, units) >= LEAST_COVERED) {
        List<Judge.Outcome> outcomes =
            rule == rules.getFirst() ? ours : judge.outcomes(rule, task.users(), task.shown());
        points.add(point(task, rule.rule().name(), outcomes, ours));
      }
    }
    return points;
  }

  private Section.Point point(
      Task task, String rule, List<Judge.Outcome> outcomes, List<Judge.Outcome> ours) {
    double[] gains = values(outcomes, o -> o.adapted() - o.unadapted());
    double[] overOurs = new double[gains.length];
    for (int u = 0; u < gains.length; u++) {
      overOurs[u] = outcomes.get(u).adapted() - ours.get(u).adapted();
    }
    return new Section.Point(
        task.dataset(),
        rule,
        task.shown(),
        task.users().size(),
        bootstrap.mean(values(outcomes, Judge.Outcome::unadapted)),
        bootstrap.mean(values(outcomes, Judge.Outcome::adapted)),
        bootstrap.mean(gains),
        bootstrap.worstDecile(gains),
        bootstrap.mean(values(outcomes, Judge.Outcome::logLossUnadapted)),
        bootstrap.mean(values(outcomes, Judge.Outcome::logLossAdapted)),
        bootstrap.mean(values(outcomes, o -> o.logLossUnadapted() - o.logLossAdapted())),
        bootstrap.mean(overOurs));
  }

  private static double[] values(
      List<Judge.Outcome> outcomes, ToDoubleFunction<Judge.Outcome> value) {
    return outcomes.stream().mapToDouble(value).toArray();
  }

  private Section.Calibration calibration(String dataset, Calibrated rule, List<Unit> units) {
    ReliabilityCurve curve = new ReliabilityCurve(units.size());
    for (int u = 0; u < units.size(); u++) {
      for (int pair : units.get(u).pairs()) {
        curve.add(u, 1, rule.likelihood().probability(rule.rule().unadapted(pair)));
      }
    }
    return new Section.Calibration(dataset, "all pairs", 0, curve.error(bootstrap), curve.bins());
  }

  private List<Section.Calibration> calibration(Task task, Calibrated rule) {
    ReliabilityCurve before = new ReliabilityCurve(task.users().size());
    ReliabilityCurve after = new ReliabilityCurve(task.users().size());
    judge.ask(
        rule.rule(),
        task.users(),
        task.shown(),
        (user, share, unadapted, adapted) -> {
          before.add(user, share, rule.likelihood().probability(unadapted));
          after.add(user, share, rule.likelihood().probability(adapted));
        });
    return List.of(
        new Section.Calibration(
            task.dataset(), "before", task.shown(), before.error(bootstrap), before.bins()),
        new Section.Calibration(
            task.dataset(), "after", task.shown(), after.error(bootstrap), after.bins()));
  }
}
