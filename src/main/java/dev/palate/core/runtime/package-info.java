/**
 * From a bundle directory to a running model, and the change from one model to the next.
 *
 * <p>Door: {@link LiveModel}, {@link ModelBusyException}, {@link ModelSettings}, {@link
 * ModelSwitch}, {@link RewardModels}, {@link ServingModels}. May use: {@code core.bundle}, {@code
 * core.encoder}, {@code core.model}, {@code core.model.batching}, {@code core.model.remote}, {@code
 * core.model.torch}, {@code core.traits}. Start reading at {@link RewardModels}.
 */
@NullMarked
package dev.palate.core.runtime;

import org.jspecify.annotations.NullMarked;
