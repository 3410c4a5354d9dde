package dev.palate.core.taste;

import java.util.Arrays;

/**
 * Which shifts a user's labels show by themselves, whatever the user stated.
 *
 * <p><b>Why not the posterior's mean over its standard deviation.</b> After 20 labels without one
 * exception that ratio is .9 under the grid of scales of FACTS.md, and among the other experts one
 * reaches as much in a user out of ten: the prior is strict, and where labels are separable the
 * standard deviation grows with the mean (Hauck and Donner 1977). And it claims what is not there:
 * a user who flips coins contradicts the population's weights, so that with 200 labels the shift
 * against them is three standard deviations long or more. So the posterior orders the experts and
 * gives each claim its direction, and score tests on the labels ({@link ScoreStatistic}) decide.
 *
 * <p><b>The rule.</b> With fewer than {@value #FEWEST} preferences nothing is claimed; ties do not
 * count. Hypotheses are the experts of a prior standard deviation of {@value #LEAST_DEVIATION} or
 * more. Claims are made one at a time, the largest {@code |mean| / sd} first, of the experts that,
 * given those claimed so far and in the direction of the posterior's mean, pass three tests:
 *
 * <ol>
 *   <li>The labels are not coin tosses: level {@value #COIN_LEVEL}, two-sided, divided by the
 *       number of hypotheses not claimed yet (Holm 1979). Whatever the order, coins give any claim
 *       with at most this probability, up to the normal approximation, as the first claim has to
 *       pass.
 *   <li>They are not explained by the population's weights and the claims' own shifts ({@link
 *       ClaimedFit}): level {@value #POPULATION_LEVEL}, divided alike. Without it a user who shares
 *       the population's taste would be said to have a taste.
 *   <li>No other expert explains the claim: given any one other expert too, the first test's
 *       statistic is at least {@value #RIVAL}. Where two experts cannot be told apart, neither is
 *       claimed.
 * </ol>
 *
 * After each claim those before it are tested again, given the others, and dropped for good if they
 * do not pass: what looked like a taste was the correlation with a later claim. It ends when no
 * expert passes.
 *
 * <p><b>Clipped margins.</b> The tests see {@code c_i D_ij} cut at its mean size over the labels.
 * That is valid for any function of the margins, as coins do not look at them, and for people whose
 * choices have few exceptions it raises the first statistic from .80 to .90 times the root of n.
 *
 * <p><b>Measured</b> on 2,000 simulated users a row by {@code SignificanceStudy} (test sources;
 * {@code SignificanceTest} asserts the bounds). 12 hypotheses, s = 1, e = .02, the scales of
 * FACTS.md; shares of users in percent, of margins uncorrelated / correlated .4 / correlated .4
 * with population weights of standard deviation .3:
 *
 * <pre>
 *                                    n = 10          n = 20          n = 50         n = 200
 * coins: any claim                 4 /  4 /  3     5 /  5 /  5     6 /  6 /  5     8 /  7 /  4
 * population: any claim            4 /  3 /  2     5 /  5 /  5     7 /  6 /  6     8 /  8 /  8
 * one trait: claimed, and first   86 / 73 / 65   100 / 99 / 98   100 /100 /100   100 /100 /100
 * one trait: another claimed      .3 / .8 / .6    .1 / .6 / .7     0 /  0 /  0     0 /  0 /  0
 * 15 % swapped: claimed           20 / 17 / 14    59 / 54 / 49    99 / 96 / 93   100 /100 /100
 * 15 % swapped: another claimed    3 /  5 /  4     3 /  9 /  7     1 /  3 /  3    .4 / .6 / .5
 * two traits: both claimed         0 /  0 /  0     0 /  0 /  0    95 / 80 / 75   100 /100 /100
 * </pre>
 *
 * Nothing is claimed at n = 5: of 12 experts one would fit most users' five coin tosses. Of
 * experts, coins have at most .7 % claimed.
 */
final class Significance {

  /** With fewer preferences nothing is claimed. */
  static final int FEWEST = 5;

  /** Experts whose prior standard deviation is below this are no hypotheses. */
  private static final double LEAST_DEVIATION = 1e-3;

  /** Of any claim, where labels are coins; two-sided. */
  private static final double COIN_LEVEL = 0.08;

  /** Of any claim, where labels follow the model without a shift; the side is given. */
  private static final double POPULATION_LEVEL = 0.10;

  /** Standard deviations of the wide prior of a claimed expert's shift, in the prior's. */
  private static final double WIDE = 20;

  /** What is left of a claim's statistic against coins given any one other expert; level 0.1. */
  private static final double RIVAL = 1.28;

  private final Likelihood likelihood;
  private final int k;
  private final int[] hypotheses;
  private final double[] coinCritical;
  private final double[] populationCritical;
  private final double[] precisions;
  private final ScoreStatistic coins;
  private final ScoreStatistic population;
  private final ClaimedFit fit;

  /** By hypothesis. */
  private final double[][] columns;

  /** By hypothesis: what the claims leave of it, and its statistic against coins. */
  private final double[][] units;

  private final double[] statistics;
  private final boolean[] open;
  private final int[] claimed;
  private int claims;
  private final double[][] claimedColumns;
  private final double[] claimedPrecisions;

  /**
   * @param deviations prior standard deviations, {@code double[k]}
   */
  Significance(Likelihood likelihood, double[] deviations) {
    this.likelihood = likelihood;
    this.k = deviations.length;
    int[] found = new int[k];
    int count = 0;
    for (int j = 0; j < k; j++) {
      if (deviations[j] >= LEAST_DEVIATION) {
        found[count++] = j;
      }
    }
    this.hypotheses = Arrays.copyOf(found, count);
    this.precisions = new double[count];
    this.coinCritical = new double[count + 1];
    this.populationCritical = new double[count + 1];
    for (int h = 0; h < count; h++) {
      double wide = WIDE * deviations[hypotheses[h]];
      precisions[h] = 1 / (wide * wide);
      coinCritical[h + 1] = NormalTail.quantile(COIN_LEVEL / 2 / (h + 1));
      populationCritical[h + 1] = NormalTail.quantile(POPULATION_LEVEL / (h + 1));
    }
    this.coins = new ScoreStatistic(count);
    this.population = new ScoreStatistic(count);
    this.fit = new ClaimedFit(likelihood, count);
    this.columns = new double[count][0];
    this.units = new double[count][0];
    this.statistics = new double[count];
    this.open = new boolean[count];
    this.claimed = new int[count];
    this.claimedColumns = new double[count][];
    this.claimedPrecisions = new double[count];
  }

  /**
   * @param shift the posterior's mean, {@code double[k]}
   * @param uncertainty its standard deviation, {@code double[k]}
   * @return {@code boolean[k]}
   */
  boolean[] of(Preferences labels, double[] shift, double[] uncertainty) {
    boolean[] significant = new boolean[k];
    if (labels.count() < FEWEST) {
      return significant;
    }
    clip(labels);
    Arrays.fill(open, true);
    claims = 0;
    while (claims < hypotheses.length && claim(labels, shift, uncertainty)) {
      reviewEarlierClaims(labels, shift);
    }
    for (int c = 0; c < claims; c++) {
      significant[hypotheses[claimed[c]]] = true;
    }
    return significant;
  }

  /** Each expert's margins, none larger than their mean size: no label outweighs the others. */
  private void clip(Preferences labels) {
    int n = labels.count();
    for (int h = 0; h < hypotheses.length; h++) {
      if (columns[h].length < n) {
        columns[h] = new double[Math.max(n, 2 * columns[h].length)];
        units[h] = new double[columns[h].length];
      }
      double[] given = labels.column(hypotheses[h]);
      double most = 0;
      for (int i = 0; i < n; i++) {
        most += Math.abs(given[i]) / n;
      }
      for (int i = 0; i < n; i++) {
        columns[h][i] = Math.max(-most, Math.min(most, given[i]));
      }
    }
  }

  /** Claims the expert of the farthest shift among those that pass; whether there was one. */
  private boolean claim(Preferences labels, double[] shift, double[] uncertainty) {
    condition(labels, -1);
    for (int h = 0; h < hypotheses.length; h++) {
      statistics[h] = coins.statistic(columns[h], units[h]);
    }
    int best = -1;
    double farthest = 0;
    for (int h = 0; h < hypotheses.length; h++) {
      int j = hypotheses[h];
      double far = Math.abs(shift[j]) / uncertainty[j];
      if (open[h]
          && far > farthest
          && passes(h, shift[j], hypotheses.length - claims)
          && hasNoRival(h, shift[j], labels.count())) {
        farthest = far;
        best = h;
      }
    }
    if (best < 0) {
      return false;
    }
    open[best] = false;
    claimed[claims++] = best;
    return true;
  }

  /** Whether the labels would speak for the expert if any one other were given too. */
  private boolean hasNoRival(int h, double shift, int n) {
    double direction = Math.signum(shift);
    for (int other = 0; other < hypotheses.length; other++) {
      if (other != h) {
        double common = Rows.dot(units[h], units[other], 0, n);
        double own = direction * (statistics[h] - common * statistics[other]);
        if (!(own >= RIVAL * Math.sqrt(Math.max(0, 1 - common * common)))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Drops for good what the last claim explains. */
  private void reviewEarlierClaims(Preferences labels, double[] shift) {
    for (int c = claims - 2; c >= 0; c--) {
      condition(labels, c);
      if (!passes(claimed[c], shift[hypotheses[claimed[c]]], hypotheses.length - claims + 1)) {
        System.arraycopy(claimed, c + 1, claimed, c, claims - c - 1);
        claims--;
      }
    }
  }

  /** Takes all claims but one as given. */
  private void condition(Preferences labels, int except) {
    int count = 0;
    for (int c = 0; c < claims; c++) {
      if (c != except) {
        claimedColumns[count] = columns[claimed[c]];
        claimedPrecisions[count++] = precisions[claimed[c]];
      }
    }
    double[] margins = fit.margins(labels, claimedColumns, claimedPrecisions, count);
    coins.coins(labels.strengths(), labels.count());
    population.margins(margins, labels.strengths(), labels.count(), likelihood);
    for (int c = 0; c < count; c++) {
      coins.given(claimedColumns[c]);
      population.given(claimedColumns[c]);
    }
  }

  private boolean passes(int h, double shift, int remaining) {
    double direction = Math.signum(shift);
    return direction * coins.statistic(columns[h]) >= coinCritical[remaining]
        && direction * population.statistic(columns[h]) >= populationCritical[remaining];
  }
}
