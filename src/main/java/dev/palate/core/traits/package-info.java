/**
 * Counted traits of a response's text and the shared experts that read them, one named trait of
 * taste each. Pure Java.
 *
 * <p>Door: {@link SharedExperts}, {@link TextTraits}. May use: nothing. Start reading at {@link
 * TextTraits}.
 */
@NullMarked
package dev.palate.core.traits;

import org.jspecify.annotations.NullMarked;
