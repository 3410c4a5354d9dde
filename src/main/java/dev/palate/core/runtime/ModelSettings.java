package dev.palate.core.runtime;

import dev.palate.core.model.batching.QueueBound;
import dev.palate.core.model.remote.RemoteEncoderSettings;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a model is to be loaded.
 *
 * @param device where it must run; {@code GPU} without a usable GPU is an error that says why
 * @param dtype {@code AUTO}: bf16 where the processor has it, else fp32
 * @param cacheDir where assembled TorchScript archives are kept, by content hash
 * @param batchTokens padded tokens in one forward pass
 * @param queueTokens tokens that may wait for the device; more is {@code ScoreResult.Overloaded}
 * @param queueTime how long what waits may take the device, at the rate of its latest passes; more
 *     is {@code Overloaded} too
 * @param remote where remote encoders are served; null: nowhere
 */
public record ModelSettings(
    TorchDevice device,
    TorchDtype dtype,
    Path cacheDir,
    int batchTokens,
    int queueTokens,
    Duration queueTime,
    @Nullable RemoteEncoderSettings remote) {

  /** Without a remote encoder, and without a bound on the time: for who waits for all of it. */
  public ModelSettings(
      TorchDevice device, TorchDtype dtype, Path cacheDir, int batchTokens, int queueTokens) {
    this(device, dtype, cacheDir, batchTokens, queueTokens, QueueBound.NONE.time(), null);
  }

  /** The same with remote encoders served there. */
  public ModelSettings withRemote(@Nullable RemoteEncoderSettings other) {
    return new ModelSettings(device, dtype, cacheDir, batchTokens, queueTokens, queueTime, other);
  }
}
