package dev.palate.lab.evaluate;

import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.NextComparisons;
import dev.palate.core.taste.TasteSolver;
import dev.palate.lab.data.DataException;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.UserChoices;
import dev.palate.lab.judge.Calibrated;
import dev.palate.lab.judge.Judge;
import dev.palate.lab.judge.Material;
import dev.palate.lab.judge.Rule;
import dev.palate.lab.judge.ShiftRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * What it is worth to choose the next comparison: unseen users label n pairs of their own, drawn at
 * random or chosen by {@link NextComparisons} one after another, and are asked about others.
 *
 * <p>A user's choices are shuffled; the first third of them (five at least) is asked about,
 * whatever was labelled; the others are what can be labelled. Both ways meet the same draws. Of a
 * choice of several pairs the first is what can be labelled, all are asked about.
 *
 * @param budgets the n of interest, ascending
 * @param draws how often each user is shuffled
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ComparisonStudy(int[] budgets, int draws, Bootstrap bootstrap, Chooser chooser) {

  private static final int LEAST_ASKED = 5;
  private static final int ASKED_SHARE = 3;

  /** The n whose accuracy labels at random are to reach. */
  private static final int REACHED = 10;

  /** Which of the pairs is labelled next. */
  @FunctionalInterface
  interface Chooser {

    /**
     * @param posterior what the labels so far say of the user
     * @param pairs those that can be labelled, none of them empty; their signs tell the labels and
     *     must not be made use of
     */
    int next(Material material, TasteSolver.Posterior posterior, List<LabelMargin> pairs);
  }

  static final Chooser INFORMATION_GAIN =
      (material, posterior, pairs) ->
          NextComparisons.choose(
                  posterior, material.prior().leeway(), material.likelihood(), pairs, 1)
              .getFirst()
              .index();

  /** By n, means over a user's draws; as long as the user has pairs, and one more. */
  private record Curve(double[] accuracy, double[] logLoss) {
    Curve(int length) {
      this(new double[length], new double[length]);
    }
  }

  /** One user, labelled in either way. */
  private record Known(int pool, Curve random, Curve chosen) {}

  /**
   * @param progress told what is under way
   */
  ComparisonReport of(Material material, Split split, Consumer<String> progress) {
    Map<String, List<UserChoices>> unseen = Judge.unseen(material.data(), split);
    if (unseen.isEmpty()) {
      throw new DataException("no test line has an unseen user: there is nobody to ask");
    }
    List<ComparisonReport.Point> points = new ArrayList<>();
    List<ComparisonReport.Reached> reached = new ArrayList<>();
    unseen.forEach((dataset, users) -> {
      progress.accept("asking the users of " + dataset);
      List<Known> known =
          users.stream().filter(user -> pool(user) > budgets[0]).toList().parallelStream()
              .map(user -> label(material, user))
              .toList();
      for (int n : budgets) {
        List<Known> some = known.stream().filter(user -> user.pool() > n).toList();
        if (!some.isEmpty()) {
          points.add(point(dataset, n, some));
        }
      }
      List<Known> most = known.stream().filter(user -> user.pool() > most()).toList();
      if (!most.isEmpty() && most() > REACHED) {
        reached.add(reached(dataset, most));
      }
    });
    return new ComparisonReport(
        ComparisonReport.FORMAT,
        Arrays.stream(budgets).boxed().toList(),
        draws,
        bootstrap.seed(),
        points,
        reached);
  }

  private int most() {
    return budgets[budgets.length - 1];
  }

  private static int asked(UserChoices user) {
    return Math.max(LEAST_ASKED, user.choices().size() / ASKED_SHARE);
  }

  private static int pool(UserChoices user) {
    return user.choices().size() - asked(user);
  }

  private Known label(Material material, UserChoices user) {
    ShiftRule rule = material.ours();
    TasteSolver solver = new TasteSolver(material.prior(), material.likelihood());
    int pool = pool(user);
    int length = Math.min(pool, most()) + 1;
    Curve random = new Curve(length);
    Curve chosen = new Curve(length);
    for (int draw = 0; draw < draws; draw++) {
      List<int[]> order = new ArrayList<>(user.choices());
      long seed = bootstrap.seed() * 0x9E3779B97F4A7C15L + user.user().hashCode();
      Collections.shuffle(order, new Random((seed << 8) + draw));
      int asked = asked(user);
      int[] about = order.subList(0, asked).stream().flatMapToInt(Arrays::stream).toArray();
      List<LabelMargin> labels = new ArrayList<>();
      for (int[] choice : order.subList(asked, order.size())) {
        int first = choice[0];
        labels.add(material.scores().label(first, material.data().pairs().get(first).strength()));
      }
      List<LabelMargin> given = new ArrayList<>();
      List<LabelMargin> left = new ArrayList<>(labels);
      for (int n = 0; n < length; n++) {
        add(random, n, material, rule, about, solver.solve(labels.subList(0, n)).shift());
        TasteSolver.Posterior posterior = solver.posterior(given);
        add(chosen, n, material, rule, about, posterior.shift());
        if (n + 1 < length) {
          given.add(left.remove(chooser.next(material, posterior, List.copyOf(left))));
        }
      }
    }
    return new Known(pool, random, chosen);
  }

  private void add(
      Curve curve, int n, Material material, ShiftRule rule, int[] about, double[] shift) {
    Rule.Adapted adapted = rule.at(shift);
    double share = 1.0 / about.length / draws;
    for (int pair : about) {
      double margin = adapted.margin(pair);
      curve.accuracy()[n] += share * Calibrated.right(margin);
      curve.logLoss()[n] -= share * material.likelihood().logProbability(margin);
    }
  }

  private ComparisonReport.Point point(String dataset, int n, List<Known> users) {
    return new ComparisonReport.Point(
        dataset,
        n,
        users.size(),
        users.stream().mapToInt(Known::pool).average().orElseThrow(),
        mean(users, user -> user.random().accuracy()[0]),
        mean(users, user -> user.random().accuracy()[n]),
        mean(users, user -> user.chosen().accuracy()[n]),
        mean(users, user -> user.chosen().accuracy()[n] - user.random().accuracy()[n]),
        mean(users, user -> user.random().logLoss()[0]),
        mean(users, user -> user.random().logLoss()[n]),
        mean(users, user -> user.chosen().logLoss()[n]),
        mean(users, user -> user.random().logLoss()[n] - user.chosen().logLoss()[n]));
  }

  private Figure mean(List<Known> users, ToDoubleFunction<Known> value) {
    return bootstrap.mean(users.stream().mapToDouble(value).toArray());
  }

  private ComparisonReport.Reached reached(String dataset, List<Known> users) {
    return new ComparisonReport.Reached(
        dataset,
        REACHED,
        users.size(),
        most(),
        needed(users, user -> user.random().accuracy(), user -> user.chosen().accuracy(), 1),
        needed(users, user -> user.random().logLoss(), user -> user.chosen().logLoss(), -1));
  }

  /** One curve of a user. */
  private interface Values {
    double[] of(Known user);
  }

  /**
   * @param sign 1 where more is better, -1 where less is
   */
  private Figure needed(List<Known> users, Values random, Values chosen, int sign) {
    return bootstrap.of(
        users.size(),
        units -> {
          double[] reaching = new double[most() + 1];
          double target = 0;
          for (int unit : units) {
            target += sign * chosen.of(users.get(unit))[REACHED];
            for (int n = 0; n < reaching.length; n++) {
              reaching[n] += sign * random.of(users.get(unit))[n];
            }
          }
          return firstAt(reaching, target);
        });
  }

  /** Where a curve first reaches a value, between two n by a straight line; its end if nowhere. */
  static double firstAt(double[] curve, double target) {
    for (int n = 0; n < curve.length; n++) {
      if (curve[n] >= target) {
        return n == 0 ? 0 : n - (curve[n] - target) / (curve[n] - curve[n - 1]);
      }
    }
    return curve.length - 1;
  }
}
