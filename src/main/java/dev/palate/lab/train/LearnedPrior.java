package dev.palate.lab.train;

import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.PriorLearner;
import dev.palate.core.taste.PriorTuning;
import dev.palate.core.taste.ScaleGrid;
import dev.palate.core.taste.TasteSolver;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.data.UserChoices;
import dev.palate.lab.encode.PairScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * The prior over users of a run: mu and Sigma from training users, how far to trust them from
 * validation users, who taught neither the experts nor Sigma.
 */
public final class LearnedPrior {

  /** A user with more labels is drawn from, so that one writer does not make the prior's cost. */
  private static final int TRAIN_LABELS = 60;

  /** Enough that a user who showed 50 is still asked about many. */
  private static final int VALIDATION_LABELS = 200;

  /** A rater with fewer labels teaches no prior. */
  public static final int LEAST_LABELS = 4;

  /** With fewer raters the default prior stands. */
  public static final int LEAST_USERS = 20;

  /** Without users to learn from: a shift of this size is thought possible, MODEL.md's tau. */
  private static final double TAU = 0.02;

  private LearnedPrior() {}

  public static Prior learn(
      TrainingData data, PairScores scores, Likelihood likelihood, int experts, long seed) {
    List<List<LabelMargin>> train = new ArrayList<>();
    users(data, scores, Split.TRAIN, seed).values().forEach(train::addAll);
    if (train.size() < LEAST_USERS) {
      return Prior.isotropic(experts, TAU);
    }
    Prior learned = PriorLearner.learn(train, likelihood);
    return PriorTuning.tune(learned, likelihood, users(data, scores, Split.VALIDATION, seed));
  }

  /** Variance of a routed expert's shift where only shared experts shift: none to speak of. */
  private static final double FROZEN = 1e-8;

  /**
   * Standard deviation of a shared expert's shift from which learning starts, in logits (FACTS.md).
   */
  private static final double SHARED_TAU = 0.25;

  /**
   * The same where no rater tells. Twice as large: ten labels of a consistent user, of which some
   * contradict the population, must be enough to turn its order.
   */
  private static final double DEFAULT_TAU = 0.5;

  /** A user's own scales that are thought possible. */
  private static final double[] SCALES = {0.3, 0.6, 1, 2, 4, 8};

  /** Their masses where no rater tells: those of 492 raters (FACTS.md). */
  private static final double[] MASSES = {0.26, 0.29, 0.28, 0.13, 0.03, 0.01};

  private static final int MASS_ITERATIONS = 30;
  private static final double LEAST_MASS = 0.01;

  /**
   * The largest standard deviation of a shared expert's shift, in logits: raters of one set may
   * differ in little but the length of what they choose, and a prior that expects that of everybody
   * lets a taste for short answers overrule what an answer says.
   */
  private static final double LARGEST_TAU = 0.5;

  /** Label noises that are thought possible. */
  private static final double[] NOISES = {0, 0.02, 0.05, 0.1, 0.15, 0.2};

  /**
   * The prior of a bundle with shared experts: shifts of the routed experts stay 0; Sigma of the
   * shared ones, the masses of a user's own scale and the label noise are learned from the training
   * users of all data sets together. Noise and small scales both explain a user who contradicts the
   * crowd, so they are learned together: of each noise its Sigma and masses, then the noise under
   * which all labels are likeliest. Without enough users the noise is the likelihood's.
   *
   * @param scores routed experts, then shared ones
   */
  public static Scaled learnShared(
      TrainingData data, PairScores scores, Likelihood likelihood, long seed) {
    int k = scores.margins()[0].length;
    int routed = k - scores.shared();
    Prior first = sharedOnly(k, routed, SHARED_TAU / likelihood.scale());
    List<List<LabelMargin>> train = new ArrayList<>();
    users(data, scores, Split.TRAIN, seed).values().forEach(train::addAll);
    if (train.size() < LEAST_USERS) {
      return new Scaled(
          sharedOnly(k, routed, DEFAULT_TAU / likelihood.scale()),
          new ScaleGrid(SCALES, MASSES),
          likelihood.labelNoise());
    }
    return Arrays.stream(NOISES)
        .parallel()
        .mapToObj(noise -> fit(train, likelihood.withLabelNoise(noise), first))
        .reduce((a, b) -> b.logEvidence > a.logEvidence ? b : a)
        .orElseThrow()
        .scaled;
  }

  /** Of one label noise. */
  private record Fit(Scaled scaled, double logEvidence) {}

  private static Fit fit(List<List<LabelMargin>> train, Likelihood likelihood, Prior first) {
    Prior prior =
        bounded(PriorLearner.learn(train, likelihood, first), LARGEST_TAU / likelihood.scale());
    double[][] evidence = evidence(prior, likelihood, train);
    ScaleGrid grid = masses(evidence);
    double total = 0;
    for (double[] logs : evidence) {
      double most = Arrays.stream(logs).max().orElseThrow();
      double sum = 0;
      for (int g = 0; g < logs.length; g++) {
        sum += grid.masses()[g] * Math.exp(logs[g] - most);
      }
      total += most + Math.log(sum);
    }
    return new Fit(new Scaled(prior, grid, likelihood.labelNoise()), total);
  }

  /**
   * @param grid a user's own scales and their masses
   * @param labelNoise e that they were learned with
   */
  public record Scaled(Prior prior, ScaleGrid grid, double labelNoise) {}

  /** A prior that lets shared experts shift by about tau, and routed ones not at all. */
  static Prior sharedOnly(int k, int routed, double tau) {
    double[][] covariance = new double[k][k];
    for (int j = 0; j < k; j++) {
      covariance[j][j] = j < routed ? FROZEN : tau * tau;
    }
    return new Prior(new double[k], covariance, routedOnes(k, routed));
  }

  /** Leeway of 1 at every prompt: the routed weights sum to 1. */
  private static double[] routedOnes(int k, int routed) {
    double[] leeway = new double[k];
    Arrays.fill(leeway, 0, routed, 1);
    return leeway;
  }

  /** The prior with no larger deviations than that; correlations stay. */
  private static Prior bounded(Prior prior, double largest) {
    double[][] covariance = prior.covariance();
    double[] factor = new double[covariance.length];
    for (int j = 0; j < factor.length; j++) {
      factor[j] = Math.min(1, largest / Math.sqrt(covariance[j][j]));
    }
    double[][] bounded = new double[factor.length][factor.length];
    for (int i = 0; i < factor.length; i++) {
      for (int j = 0; j < factor.length; j++) {
        bounded[i][j] = factor[i] * factor[j] * covariance[i][j];
      }
    }
    return new Prior(prior.mean(), bounded, prior.leeway());
  }

  /** Of each user's labels under each scale, {@code double[users][scales]}. */
  private static double[][] evidence(
      Prior prior, Likelihood likelihood, List<List<LabelMargin>> users) {
    double[][] evidence = new double[users.size()][SCALES.length];
    for (int g = 0; g < SCALES.length; g++) {
      TasteSolver solver = new TasteSolver(prior.scaled(SCALES[g] * SCALES[g]), likelihood);
      for (int u = 0; u < evidence.length; u++) {
        evidence[u][g] = solver.posterior(users.get(u)).logEvidence();
      }
    }
    return evidence;
  }

  /** By expectation maximization: a scale's mass is its mean weight over the users. */
  private static ScaleGrid masses(double[][] evidence) {
    int scales = SCALES.length;
    double[] masses = new double[scales];
    Arrays.fill(masses, 1.0 / scales);
    for (int iteration = 0; iteration < MASS_ITERATIONS; iteration++) {
      double[] next = new double[scales];
      for (double[] logs : evidence) {
        double most = Arrays.stream(logs).max().orElseThrow();
        double total = 0;
        double[] weights = new double[scales];
        for (int g = 0; g < scales; g++) {
          weights[g] = masses[g] * Math.exp(logs[g] - most);
          total += weights[g];
        }
        for (int g = 0; g < scales; g++) {
          next[g] += weights[g] / total / evidence.length;
        }
      }
      masses = next;
    }
    double total = 0;
    for (int g = 0; g < scales; g++) {
      masses[g] = Math.max(masses[g], LEAST_MASS);
      total += masses[g];
    }
    for (int g = 0; g < scales; g++) {
      masses[g] /= total;
    }
    return new ScaleGrid(SCALES, masses);
  }

  /** By data set, each user's labels in random order, at most so many. */
  private static Map<String, List<List<LabelMargin>>> users(
      TrainingData data, PairScores scores, Split split, long seed) {
    int[] indices = data.indices(split);
    // Where the data was split by prompt, users are on both sides and none is unseen
    Set<String> seen = split == Split.TRAIN ? Set.of() : data.trainUsers();
    int most = split == Split.TRAIN ? TRAIN_LABELS : VALIDATION_LABELS;
    Map<String, List<List<LabelMargin>>> users = new TreeMap<>();
    for (UserChoices user : UserChoices.of(data.of(split))) {
      if (user.pairs() < LEAST_LABELS || seen.contains(user.user())) {
        continue;
      }
      List<int[]> choices = new ArrayList<>(user.choices());
      Collections.shuffle(choices, new Random(seed ^ user.user().hashCode()));
      List<LabelMargin> labels = new ArrayList<>();
      for (int[] choice : choices) {
        for (int pair : choice) {
          double strength = data.pairs().get(indices[pair]).strength() / choice.length;
          labels.add(scores.label(indices[pair], strength));
        }
      }
      users
          .computeIfAbsent(user.dataset(), key -> new ArrayList<>())
          .add(labels.subList(0, Math.min(most, labels.size())));
    }
    return users;
  }
}
