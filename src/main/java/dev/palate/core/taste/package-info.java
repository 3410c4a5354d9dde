/**
 * The mathematics of one user: labels become a shift of the routing weights with its uncertainty.
 * Pure Java.
 *
 * <p>Door: {@link LabelMargin}, {@link Likelihood}, {@link NextComparisons}, {@link Prior}, {@link
 * PriorLearner}, {@link PriorTuning}, {@link RoutingWeights}, {@link Taste}, {@link TasteSolver},
 * {@link TasteSolvers}. May use: nothing. Start reading at {@link TasteSolver}.
 */
@NullMarked
package dev.palate.core.taste;

import org.jspecify.annotations.NullMarked;
