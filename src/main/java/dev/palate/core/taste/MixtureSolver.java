package dev.palate.core.taste;

import java.util.ArrayList;
import java.util.List;

/**
 * Solves a user's posterior where the strength of the user's taste is itself unknown (MODEL.md,
 * Hearing a user).
 *
 * <p><b>The model.</b> Some users are like everybody, some have a taste without exceptions. One
 * prior for both either hears the second too late or believes the first too much. So the shift's
 * prior is a mixture over the user's own scale gamma, {@code d | gamma ~ N(mu, gamma^2 Sigma)},
 * with a grid of scales and their masses pi_gamma from the bundle ({@link ScaleGrid}): a prior of
 * heavy tails, under which a few consistent labels move the shift further than under a normal one,
 * and contradictory ones less.
 *
 * <p><b>The posterior.</b> For each gamma the problem is {@link TasteSolver}'s, with the prior
 * {@code Prior.scaled(gamma^2)}: its exact mode d_gamma, and the normal approximation N(d_gamma,
 * H_gamma^-1) at it, H_gamma the Hessian of the objective there. The same approximation integrates
 * the shift out of the labels' likelihood (Laplace's method), which says how well gamma explains
 * them:
 *
 * <pre>
 * log evidence(gamma) = -objective_gamma(d_gamma)
 *                       + log det(gamma^-2 Sigma^-1) / 2 - log det(H_gamma) / 2
 * weight(gamma)       ~ pi_gamma evidence(gamma), of sum 1
 * mean                = sum weight(gamma) d_gamma
 * variance            = sum weight(gamma) (H_gamma^-1 + (d_gamma - mean)^2)
 * </pre>
 *
 * The determinants are what keeps the largest scale from always winning: a wide prior pays for the
 * shifts that it allowed and the labels excluded (Occam's factor). The variance is the law of total
 * variance: how unsure each scale is of the shift, and how far the scales disagree. Labels can
 * therefore make the posterior wider than the prior mixture: they may show that the taste is strong
 * before they show what it is.
 *
 * <p><b>Without labels</b> weights are the masses and mean and variance those of the prior mixture,
 * the mean to the bit. With {@link ScaleGrid#SINGLE} shift and uncertainty are {@link
 * TasteSolver}'s to the bit.
 *
 * <p><b>Ties</b> count as half a label each way ({@link LabelMargin#tie}). Which shifts are
 * significant {@link Significance} decides, from the preferences alone.
 *
 * <p><b>Same labels, same bits</b>, as with {@link TasteSolver}: every sum is taken in an order of
 * content, exp and log are our own or StrictMath's.
 *
 * <p><b>Cost.</b> One solve of {@link TasteSolver} for each scale, and the score tests: for 24
 * experts, 20 labels and 6 scales 195 microseconds where a single solve takes 23; starting each
 * scale from the optimum of the one before saves 4 % of it and was left out. Covariances between
 * experts are computed by {@link #posterior} alone. A solver keeps its arrays from user to user: it
 * is cheap to reuse and not safe for concurrent use; {@link MixtureSolvers} lends solvers to
 * threads.
 *
 * <p>Sources: MacKay, Bayesian interpolation (1992), and Information Theory, Inference, and
 * Learning Algorithms (2003), chapters 27 and 28, for Laplace's method and Occam's factor;
 * Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), 3.4 and 5.5, for the same
 * of a logistic likelihood with scales of the prior.
 */
public final class MixtureSolver {

  /** Up to so many labels each is left out by a solve of its own. */
  static final int RESOLVED = 32;

  private final MixtureShape shape;
  private final TasteSolver[] solvers;
  private final Preferences preferences;
  private final Significance significance;

  /**
   * @throws IllegalArgumentException naming the prior's field that is not as described
   */
  public MixtureSolver(Prior prior, Likelihood likelihood, ScaleGrid grid) {
    this(new MixtureShape(prior, likelihood, grid));
  }

  MixtureSolver(MixtureShape shape) {
    this.shape = shape;
    this.solvers = new TasteSolver[shape.priors.length];
    for (int i = 0; i < solvers.length; i++) {
      solvers[i] = new TasteSolver(shape.priors[i], shape.likelihood);
    }
    this.preferences = new Preferences(shape.priors[0].leeway, shape.likelihood);
    this.significance = new Significance(shape.likelihood, shape.deviations);
  }

  /**
   * The user's posterior.
   *
   * @param labels in any order; none gives exactly the prior
   * @throws IllegalArgumentException naming the label's field that is not as described
   */
  public UserPosterior solve(List<LabelMargin> labels) {
    double[] weights = new double[solvers.length];
    double[][] shifts = new double[solvers.length][];
    double[][] variances = new double[solvers.length][];
    for (int i = 0; i < solvers.length; i++) {
      TasteSolver.Moments moments = solvers[i].moments(labels);
      weights[i] = shape.logMasses[i] + moments.logEvidence();
      shifts[i] = moments.shift();
      variances[i] = moments.variances();
    }
    normalize(weights);
    double[] shift = MixturePosterior.mean(weights, shifts);
    double[] uncertainty = deviations(weights, shifts, variances, shift);
    preferences.load(labels);
    return new UserPosterior(
        shift,
        uncertainty,
        significance.of(preferences, shift, uncertainty),
        preferences.agreement(shift),
        weights);
  }

  /**
   * The posterior's components, with their covariances.
   *
   * @param labels in any order; none gives exactly the prior
   * @throws IllegalArgumentException naming the label's field that is not as described
   */
  public MixturePosterior posterior(List<LabelMargin> labels) {
    double[] weights = new double[solvers.length];
    double[][] shifts = new double[solvers.length][];
    double[][][] covariances = new double[solvers.length][][];
    for (int i = 0; i < solvers.length; i++) {
      TasteSolver.Posterior posterior = solvers[i].posterior(labels);
      weights[i] = shape.logMasses[i] + posterior.logEvidence();
      shifts[i] = posterior.shift();
      covariances[i] = posterior.covariance();
    }
    normalize(weights);
    double[] leeway = shape.priors[0].leeway.clone();
    return new MixturePosterior(shape.likelihood, leeway, weights, shifts, covariances);
  }

  /**
   * What each label does to the mean: the mean less that without the label, scales weighed anew.
   * Exact for up to 32 labels. Of more labels each is left out by one Newton step for each scale
   * ({@link MixturePosterior#without}); a label on which a direction's curvature rests is left out
   * exactly.
   *
   * @return pulls {@code double[n][k]} in the order of the labels
   * @throws IllegalArgumentException naming the label's field that is not as described
   */
  public TasteSolver.Influence influence(List<LabelMargin> labels) {
    return influence(labels, RESOLVED);
  }

  TasteSolver.Influence influence(List<LabelMargin> labels, int resolved) {
    int n = labels.size();
    MixturePosterior posterior = posterior(labels);
    double[] mean = posterior.mean();
    double[][] pulls = new double[n][];
    for (int i = 0; i < n; i++) {
      double[] without = n <= resolved ? null : posterior.without(labels.get(i));
      if (without == null) {
        List<LabelMargin> others = new ArrayList<>(labels);
        others.remove(i);
        without = mean(others);
      }
      pulls[i] = new double[mean.length];
      for (int j = 0; j < mean.length; j++) {
        pulls[i][j] = mean[j] - without[j];
      }
    }
    return new TasteSolver.Influence(mean, pulls);
  }

  private double[] mean(List<LabelMargin> labels) {
    double[] weights = new double[solvers.length];
    double[][] shifts = new double[solvers.length][];
    for (int i = 0; i < solvers.length; i++) {
      TasteSolver.Moments moments = solvers[i].moments(labels);
      weights[i] = shape.logMasses[i] + moments.logEvidence();
      shifts[i] = moments.shift();
    }
    normalize(weights);
    return MixturePosterior.mean(weights, shifts);
  }

  /** Logarithms of weights, up to a constant, replaced by weights that sum to 1. */
  static void normalize(double[] weights) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double weight : weights) {
      largest = Math.max(largest, weight);
    }
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = PlainMath.exp(weights[i] - largest);
      sum += weights[i];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
  }

  /** By the law of total variance. */
  private static double[] deviations(
      double[] weights, double[][] shifts, double[][] variances, double[] mean) {
    double[] deviations = new double[mean.length];
    for (int i = 0; i < weights.length; i++) {
      for (int j = 0; j < mean.length; j++) {
        double off = shifts[i][j] - mean[j];
        deviations[j] += weights[i] * (variances[i][j] + off * off);
      }
    }
    for (int j = 0; j < mean.length; j++) {
      deviations[j] = Math.sqrt(deviations[j]);
    }
    return deviations;
  }
}
