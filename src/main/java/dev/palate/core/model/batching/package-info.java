/**
 * Many requests, few forward passes: admission, the queue, batches of similar length, one worker
 * thread a device.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.encoder}, {@code core.model}. Start
 * reading at {@link Batcher}.
 */
@NullMarked
package dev.palate.core.model.batching;

import org.jspecify.annotations.NullMarked;
