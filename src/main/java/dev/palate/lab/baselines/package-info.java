/**
 * Published rules that a user's labels could be used by, to compare with.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.model}, {@code core.model.torch}, {@code
 * core.taste}, {@code lab.bundling}, {@code lab.data}, {@code lab.encode}, {@code lab.judge},
 * {@code lab.train}. Start reading at {@link Baselines}.
 */
@NullMarked
package dev.palate.lab.baselines;

import org.jspecify.annotations.NullMarked;
