package dev.palate.reward;

/**
 * The distribution of shifts over users that the bundle ships (MODEL.md, the prior over users).
 *
 * @param mean mu, {@code double[k]}
 * @param covariance Sigma, {@code double[k][k]}, symmetric positive definite
 */
public record UserPrior(double[] mean, double[][] covariance) {}
