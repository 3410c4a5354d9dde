/**
 * What a training must tell about its bundle: worse than a simple rule, a prior that hears nobody,
 * too few raters, lines that would leak.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.taste}, {@code lab.data}, {@code
 * lab.encode}, {@code lab.train}. Start reading at {@link TrainingWarnings}.
 */
@NullMarked
package dev.palate.lab.warnings;

import org.jspecify.annotations.NullMarked;
