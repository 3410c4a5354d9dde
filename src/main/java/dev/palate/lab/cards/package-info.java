/**
 * Expert cards: what an expert rewards, in a name, a sentence and examples.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.model}, {@code lab.data}, {@code
 * lab.encode}, {@code lab.train}. Start reading at {@link ExpertCards}.
 */
@NullMarked
package dev.palate.lab.cards;

import org.jspecify.annotations.NullMarked;
