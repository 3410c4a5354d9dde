package dev.palate.core.taste;

/**
 * A bundle's prior under each scale of its grid, made once. Not changed afterwards, so that threads
 * may share it.
 */
final class MixtureShape {

  final Likelihood likelihood;

  /** N(mu, gamma^2 Sigma) for each gamma. */
  final PriorShape[] priors;

  /** log pi_gamma. */
  final double[] logMasses;

  /** Standard deviations of Sigma, {@code double[k]}. */
  final double[] deviations;

  /**
   * @throws IllegalArgumentException naming the field that is not as described
   */
  MixtureShape(Prior prior, Likelihood likelihood, ScaleGrid grid) {
    prior.whitening(); // refuses a prior that is not as described before it is scaled
    int k = prior.expertCount();
    RoutingWeights.routedExperts(k, likelihood.sharedExperts());
    this.likelihood = likelihood;
    this.priors = new PriorShape[grid.size()];
    this.logMasses = new double[grid.size()];
    for (int i = 0; i < grid.size(); i++) {
      double scale = grid.scales()[i];
      priors[i] = new PriorShape(prior.scaled(scale * scale));
      logMasses[i] = StrictMath.log(grid.masses()[i]);
    }
    this.deviations = new double[k];
    for (int j = 0; j < k; j++) {
      deviations[j] = Math.sqrt(prior.covariance()[j][j]);
    }
  }
}
