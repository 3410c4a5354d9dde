/**
 * Fits the shared experts, named traits of taste, to the traits of training texts.
 *
 * <p>Door: none. May use: {@code core.traits}. Start reading at {@link SharedExpertRecipe}.
 */
@NullMarked
package dev.palate.lab.traits;

import org.jspecify.annotations.NullMarked;
