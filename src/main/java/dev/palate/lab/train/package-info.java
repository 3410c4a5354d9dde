/**
 * Trains router and experts by gradient descent, calibrates them and learns the prior over users.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.model}, {@code core.model.torch}, {@code
 * core.taste}, {@code core.traits}, {@code lab.data}, {@code lab.encode}, {@code lab.traits}. Start
 * reading at {@link Trainer}.
 */
@NullMarked
package dev.palate.lab.train;

import org.jspecify.annotations.NullMarked;
