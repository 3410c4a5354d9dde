/**
 * Numbers that are counted and not learned: traits of a response's text, how a response and its
 * prompt match, and the experts that read them. Pure Java.
 *
 * <p>Door: {@link Fluency}, {@link InteractionFeatures}, {@link PairFeatures}, {@link PairTraits},
 * {@link SharedExperts}, {@link TextTraits}. May use: nothing. Start reading at {@link TextTraits}.
 */
@NullMarked
package dev.palate.core.traits;

import org.jspecify.annotations.NullMarked;
