package dev.palate.core.model.torch;

/** The precision of the encoder, {@code palate.model.dtype}. */
public enum TorchDtype {
  /** bf16 where the device has instructions for it, else fp32. */
  AUTO,
  FP32,
  BF16
}
