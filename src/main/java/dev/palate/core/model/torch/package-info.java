/**
 * The PyTorch engine: writes encoder and head into one TorchScript archive, runs it, and trains it.
 *
 * <p>Door: {@link Archive}, {@link DeviceMemory}, {@link GradientTurn}, {@link TorchDevice}, {@link
 * TorchDtype}, {@link TorchEngine}, {@link TrainableModel}. May use: {@code core.bundle}, {@code
 * core.encoder}, {@code core.model}, {@code core.model.batching}, {@code core.traits}. Start reading
 * at {@link TorchRewardModel}.
 */
@NullMarked
package dev.palate.core.model.torch;

import org.jspecify.annotations.NullMarked;
