/**
 * Controlled experiments on made pairs whose hidden truth is known.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.model}, {@code core.model.torch}, {@code
 * core.taste}, {@code lab.data}, {@code lab.encode}, {@code lab.train}. Start reading at {@link
 * ControlledStudy}.
 */
@NullMarked
package dev.palate.lab.controlled;

import org.jspecify.annotations.NullMarked;
