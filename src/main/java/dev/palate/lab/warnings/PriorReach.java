package dev.palate.lab.warnings;

import dev.palate.core.bundle.BundleWarning;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.MixtureSolver;
import dev.palate.core.taste.Prior;
import dev.palate.lab.encode.PairScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Whether the prior hears a user who is consistent. For each shared expert (for each routed one
 * where there is none shared) two users are simulated: one always chooses the response the expert
 * prefers, one always the other. Each labels {@link #SHOWN} pairs, is solved for by the bundle's
 * own solver and asked about others. Where the mean agreement rises by less than {@link
 * #LEAST_RISE} over the agreement without a shift, the prior is too small to hear anybody.
 *
 * <p>Pairs are the validation pairs on which the expert differs most (the larger half of its
 * margins); all pairs of the data where validation has too few of them. Labels of the data play no
 * part.
 */
final class PriorReach {

  static final int SHOWN = 20;

  /** Fewer pairs than this to be asked about say nothing. */
  private static final int LEAST_ASKED = 10;

  private static final int MOST_ASKED = 200;

  static final double LEAST_RISE = 0.05;

  /**
   * @param users how many were simulated
   * @param before agreement without a shift, mean over users
   * @param after agreement with the shift, mean over users
   */
  record Result(int users, double before, double after) {

    Optional<BundleWarning> warning() {
      return after - before >= LEAST_RISE
          ? Optional.empty()
          : Optional.of(
              new BundleWarning(
                  "prior_too_small",
                  String.format(
                      Locale.ROOT,
                      "the prior is too small to hear a user: %d labels of a consistent user raise the agreement by %.1f points (%.1f %% to %.1f %%, %d simulated users) and 5 points are expected; add raters whose tastes differ, or train with shared experts",
                      SHOWN,
                      100 * (after - before),
                      100 * before,
                      100 * after,
                      users)));
    }
  }

  private PriorReach() {}

  /**
   * @param scores of all pairs of the data
   * @param validation indices of the validation pairs
   * @return null where no expert differs on enough pairs
   */
  static @Nullable Result measure(
      PairScores scores,
      int[] validation,
      MixtureSolver solver,
      Prior prior,
      Likelihood likelihood,
      long seed) {
    if (scores.size() == 0) {
      return null;
    }
    int k = scores.margins()[0].length;
    int first = scores.shared() == 0 ? 0 : k - scores.shared();
    int users = 0;
    double before = 0;
    double after = 0;
    for (int expert = first; expert < k; expert++) {
      List<Integer> pairs = telling(scores, validation, expert);
      if (pairs.size() < SHOWN + LEAST_ASKED) {
        pairs = telling(scores, IntStream.range(0, scores.size()).toArray(), expert);
      }
      if (pairs.size() < SHOWN + LEAST_ASKED) {
        continue;
      }
      Collections.shuffle(pairs, new Random(seed + expert));
      List<Integer> shown = pairs.subList(0, SHOWN);
      List<Integer> asked = pairs.subList(SHOWN, Math.min(pairs.size(), SHOWN + MOST_ASKED));
      for (int sign = -1; sign <= 1; sign += 2) {
        List<LabelMargin> labels = new ArrayList<>();
        for (int pair : shown) {
          labels.add(label(scores, pair, expert, sign));
        }
        double[] shift = solver.solve(labels).shift();
        double[] none = new double[shift.length];
        users++;
        for (int pair : asked) {
          LabelMargin question = label(scores, pair, expert, sign);
          before += right(question.margin(none, prior.leeway(), likelihood)) / asked.size();
          after += right(question.margin(shift, prior.leeway(), likelihood)) / asked.size();
        }
      }
    }
    return users == 0 ? null : new Result(users, before / users, after / users);
  }

  /** The pairs on which an expert differs most: the larger half of its margins that are not 0. */
  private static List<Integer> telling(PairScores scores, int[] pairs, int expert) {
    double[] sizes =
        Arrays.stream(pairs)
            .mapToDouble(pair -> Math.abs(scores.margins()[pair][expert]))
            .filter(size -> size > 0)
            .sorted()
            .toArray();
    List<Integer> telling = new ArrayList<>();
    for (int pair : pairs) {
      double size = Math.abs(scores.margins()[pair][expert]);
      if (size > 0 && size >= sizes[sizes.length / 2]) {
        telling.add(pair);
      }
    }
    return telling;
  }

  /** The pair, the response that the user likes first. */
  private static LabelMargin label(PairScores scores, int pair, int expert, int sign) {
    float[] margins = scores.margins()[pair].clone();
    if (sign * margins[expert] < 0) {
      for (int j = 0; j < margins.length; j++) {
        margins[j] = 0 - margins[j];
      }
    }
    return new LabelMargin(margins, scores.routing()[pair], 1);
  }

  private static double right(double margin) {
    return margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
  }
}
