package dev.palate.lab.bundling;

import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.MixtureSolver;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.RoutingWeights;
import dev.palate.core.taste.ScaleGrid;
import dev.palate.lab.data.UserChoices;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.train.Calibration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Does adapting help? Users show n of their choices, are solved for, and are judged on the rest of
 * their pairs, with and without their shift; repeated over random draws.
 */
public final class AdaptationCheck {

  private static final int DRAWS = 5;

  /** Fewer asked pairs than this say nothing of a user. */
  private static final int LEAST_ASKED = 5;

  private final Prior prior;
  private final Likelihood likelihood;
  private final ScaleGrid grid;

  /**
   * Means over users, each user counted once.
   *
   * @param before accuracy of the router alone on the pairs asked
   * @param after accuracy with the user's shift on the same pairs
   */
  public record Outcome(
      int users, double before, double after, double logLossBefore, double logLossAfter) {}

  public AdaptationCheck(Prior prior, Likelihood likelihood) {
    this(prior, likelihood, ScaleGrid.SINGLE);
  }

  public AdaptationCheck(Prior prior, Likelihood likelihood, ScaleGrid grid) {
    this.prior = prior;
    this.likelihood = likelihood;
    this.grid = grid;
  }

  /**
   * @param shown n, whole choices a user shows
   */
  public Outcome run(List<UserChoices> users, PairScores scores, int shown, long seed) {
    double[] sums = new double[4];
    int counted = 0;
    MixtureSolver solver = new MixtureSolver(prior, likelihood, grid);
    for (UserChoices user : users) {
      int askable = user.choices().stream().skip(shown).mapToInt(choice -> choice.length).sum();
      if (user.choices().size() <= shown || askable < LEAST_ASKED) {
        continue;
      }
      counted++;
      Random random = new Random(seed ^ user.user().hashCode());
      for (int draw = 0; draw < DRAWS; draw++) {
        double[] outcome = once(solver, user, scores, shown, random);
        for (int i = 0; i < sums.length; i++) {
          sums[i] += outcome[i] / DRAWS;
        }
      }
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= counted;
    }
    return new Outcome(counted, sums[0], sums[1], sums[2], sums[3]);
  }

  private double[] once(
      MixtureSolver solver, UserChoices user, PairScores scores, int shown, Random random) {
    List<int[]> choices = new ArrayList<>(user.choices());
    java.util.Collections.shuffle(choices, random);
    List<LabelMargin> labels = new ArrayList<>();
    for (int[] choice : choices.subList(0, shown)) {
      for (int pair : choice) {
        labels.add(scores.label(pair, 1.0 / choice.length));
      }
    }
    double[] shift = solver.solve(labels).shift();
    double[] none = new double[shift.length];
    int[] asked =
        choices.subList(shown, choices.size()).stream().flatMapToInt(Arrays::stream).toArray();
    double[] outcome = new double[4];
    for (int pair : asked) {
      double before = margin(scores, pair, none);
      double after = margin(scores, pair, shift);
      outcome[0] += right(before) / asked.length;
      outcome[1] += right(after) / asked.length;
      outcome[2] += logLoss(before) / asked.length;
      outcome[3] += logLoss(after) / asked.length;
    }
    return outcome;
  }

  private double margin(PairScores scores, int pair, double[] shift) {
    double[] weights =
        RoutingWeights.personal(
            scores.routing()[pair],
            shift,
            prior.leeway(),
            likelihood.topM(),
            likelihood.sharedExperts());
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * scores.margins()[pair][k];
    }
    return sum;
  }

  private static double right(double margin) {
    return margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
  }

  private double logLoss(double margin) {
    return Calibration.logLoss(
        new double[] {margin}, new double[] {1}, likelihood.scale(), likelihood.labelNoise());
  }
}
