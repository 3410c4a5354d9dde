/**
 * Trains router and experts by gradient descent, calibrates them and learns the prior over users.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.model.torch}, {@code core.taste}, {@code
 * lab.data}, {@code lab.encode}. Start reading at {@link Trainer}.
 */
@NullMarked
package dev.palate.lab.train;

import org.jspecify.annotations.NullMarked;
