/**
 * Replays users label by label and counts how well a rule predicts the rest of their choices.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.taste}, {@code core.traits}, {@code
 * lab.bundling}, {@code lab.data}, {@code lab.encode}, {@code lab.train}. Start reading at {@link
 * Judge}.
 */
@NullMarked
package dev.palate.lab.judge;

import org.jspecify.annotations.NullMarked;
