package dev.palate.core.taste;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * How often {@link Significance} claims what, on simulated users of a bundle with 8 routed experts
 * (of prior variance 1e-8) and 12 shared ones. {@link SignificanceTest} asserts bounds on these
 * rates; {@link #main} prints the table of {@link Significance}'s description.
 *
 * @param correlation of the experts' margins, which are normal
 * @param populationWeight standard deviation of the shared experts' population weights; with 0 the
 *     routed experts' margins are 0 too
 * @param grid of scales
 */
record SignificanceStudy(double correlation, double populationWeight, ScaleGrid grid) {

  /** As learned in FACTS.md, third table. */
  static final ScaleGrid LEARNED =
      new ScaleGrid(new double[] {.3, .6, 1, 2, 4, 8}, new double[] {.26, .29, .28, .13, .03, .01});

  private static final int ROUTED = 8;
  private static final int SHARED = 12;
  private static final int K = ROUTED + SHARED;
  private static final Likelihood LIKELIHOOD = new Likelihood(1, 0.02, 2, SHARED);

  /** Who labels. */
  enum Taste {
    /** At random. */
    COINS,
    /** By the sign of one expert's margin, half of the users inverted. */
    ONE_TRAIT,
    /** The same with 15 % of the labels swapped. */
    ONE_TRAIT_NOISY,
    /** By the sum of two experts' margins. */
    TWO_TRAITS,
    /** As the model says without a shift. */
    POPULATION
  }

  /**
   * Shares of users, but {@code experts}.
   *
   * @param any with a claim
   * @param experts share of hypotheses claimed
   * @param truth whose trait is claimed; of two, both
   * @param first whose trait has the largest |mean| / sd among the claims
   * @param wrong with a claim of another expert
   */
  record Rates(double any, double experts, double truth, double first, double wrong) {}

  private static Prior prior() {
    double[][] covariance = new double[K][K];
    for (int j = 0; j < K; j++) {
      double deviation = 0.19 + 0.09 * (j * 7 % SHARED) / (SHARED - 1.0);
      covariance[j][j] = j < ROUTED ? 1e-8 : deviation * deviation;
    }
    return new Prior(new double[K], covariance);
  }

  Rates rates(Taste taste, int labels, int users) {
    MixtureSolver solver = new MixtureSolver(prior(), LIKELIHOOD, grid);
    int any = 0;
    int claims = 0;
    int truth = 0;
    int first = 0;
    int wrong = 0;
    for (int user = 0; user < users; user++) {
      int trait = ROUTED + user % SHARED;
      int second = taste == Taste.TWO_TRAITS ? ROUTED + (user + 5) % SHARED : trait;
      UserPosterior solved = solver.solve(user(taste, labels, user, trait, second));
      int claimed = 0;
      int farthest = -1;
      for (int j = 0; j < K; j++) {
        if (solved.significant()[j]) {
          claimed++;
          farthest = farthest < 0 || far(solved, j) > far(solved, farthest) ? j : farthest;
        }
      }
      boolean hasTrait = solved.significant()[trait];
      boolean hasSecond = solved.significant()[second];
      int right = (hasTrait ? 1 : 0) + (hasSecond && second != trait ? 1 : 0);
      any += claimed > 0 ? 1 : 0;
      claims += claimed;
      truth += hasTrait && hasSecond ? 1 : 0;
      first += farthest == trait || (farthest >= 0 && farthest == second) ? 1 : 0;
      wrong += claimed > right ? 1 : 0;
    }
    double total = users;
    return new Rates(
        any / total, claims / total / SHARED, truth / total, first / total, wrong / total);
  }

  private static double far(UserPosterior solved, int j) {
    return Math.abs(solved.shift()[j]) / solved.uncertainty()[j];
  }

  private List<LabelMargin> user(Taste taste, int n, int user, int trait, int second) {
    Random random = new Random(7919L * n + user);
    float[] population = new float[SHARED];
    for (int j = 0; j < SHARED; j++) {
      population[j] = (float) (populationWeight * random.nextGaussian());
    }
    int side = user % 2 == 0 ? 1 : -1;
    List<LabelMargin> labels = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      LabelMargin label = label(population, random);
      double own = side * label.margins()[trait];
      boolean asGiven =
          switch (taste) {
            case COINS -> random.nextBoolean();
            case ONE_TRAIT -> own > 0;
            case ONE_TRAIT_NOISY -> own > 0 != random.nextDouble() < 0.15;
            case TWO_TRAITS -> own + label.margins()[second] > 0;
            case POPULATION ->
                random.nextDouble()
                    < LIKELIHOOD.probability(
                        label.margin(new double[K], prior().leeway(), LIKELIHOOD));
          };
      labels.add(asGiven ? label : TasteSolverTest.flipped(label));
    }
    return labels;
  }

  private LabelMargin label(float[] population, Random random) {
    float[] routing = new float[K];
    System.arraycopy(Cases.routing(ROUTED, random), 0, routing, 0, ROUTED);
    System.arraycopy(population, 0, routing, ROUTED, SHARED);
    double common = Math.sqrt(correlation) * random.nextGaussian();
    float[] margins = new float[K];
    for (int j = 0; j < K; j++) {
      double margin = common + Math.sqrt(1 - correlation) * random.nextGaussian();
      margins[j] = j < ROUTED && populationWeight == 0 ? 0 : (float) margin;
    }
    return new LabelMargin(margins, routing, 1);
  }

  /** Prints the rates of 2,000 users each. */
  public static void main(String[] args) {
    for (SignificanceStudy study :
        List.of(
            new SignificanceStudy(0, 0, LEARNED),
            new SignificanceStudy(0.4, 0, LEARNED),
            new SignificanceStudy(0.4, 0.3, LEARNED),
            new SignificanceStudy(0.4, 0.3, ScaleGrid.SINGLE))) {
      System.out.printf(
          "correlation %.1f, population weight %.1f, %d scales%n",
          study.correlation, study.populationWeight, study.grid.size());
      for (Taste taste : Taste.values()) {
        for (int n : new int[] {5, 10, 20, 50, 200}) {
          System.out.printf("  %-16s n = %3d %s%n", taste, n, study.rates(taste, n, 2000));
        }
      }
    }
  }
}
