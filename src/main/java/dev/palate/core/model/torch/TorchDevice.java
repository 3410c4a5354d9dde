package dev.palate.core.model.torch;

/** Where a model runs, {@code palate.model.device}. */
public enum TorchDevice {
  /** Every visible GPU, or the CPU where there is none. */
  AUTO,
  CPU,
  /** Every visible GPU; an error where there is none. */
  GPU
}
