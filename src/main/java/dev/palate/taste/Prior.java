package dev.palate.taste;

/**
 * Where a user's shift starts and how far evidence may carry it.
 *
 * @param mean mu, {@code double[k]}
 * @param covariance Sigma, {@code double[k][k]}, symmetric positive definite
 */
public record Prior(double[] mean, double[][] covariance) {}
