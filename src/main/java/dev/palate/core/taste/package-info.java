/**
 * The mathematics of one user: labels become a shift of the routing weights with its uncertainty,
 * by one prior ({@code TasteSolver}) or by a mixture over the user's own scale ({@code
 * MixtureSolver}). Pure Java.
 *
 * <p>Door: {@link LabelMargin}, {@link Likelihood}, {@link MixturePosterior}, {@link
 * MixtureSolver}, {@link MixtureSolvers}, {@link NextComparisons}, {@link Prior}, {@link
 * PriorLearner}, {@link PriorTuning}, {@link RoutingWeights}, {@link ScaleGrid}, {@link Taste},
 * {@link TasteSolver}, {@link UserPosterior}. May use: nothing. Start reading at {@link
 * TasteSolver}.
 */
@NullMarked
package dev.palate.core.taste;

import org.jspecify.annotations.NullMarked;
