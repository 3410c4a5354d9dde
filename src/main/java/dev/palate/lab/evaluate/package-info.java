/**
 * The command {@code evaluate}: measures a bundle on preference data and writes a report.
 *
 * <p>Door: {@link EvaluateCommand}. May use: {@code core.bundle}, {@code core.model}, {@code
 * core.model.torch}, {@code core.runtime}, {@code core.taste}, {@code lab.baselines}, {@code
 * lab.bundling}, {@code lab.controlled}, {@code lab.data}, {@code lab.encode}, {@code lab.judge},
 * {@code lab.sets}. Start reading at {@link EvaluateCommand}.
 */
@NullMarked
package dev.palate.lab.evaluate;

import org.jspecify.annotations.NullMarked;
