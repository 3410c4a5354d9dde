package dev.palate.core.model.torch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.palate.core.bundle.BundleException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** bf16 where this processor has it; elsewhere, that it is refused in so many words. */
public final class Bf16 {

  private Bf16() {}

  public static boolean runsHere() {
    boolean runs = TorchEngine.runsBf16(Device.cpu());
    if (!runs) {
      System.out.println("This processor cannot run bf16: only its refusal is tested here.");
    }
    return runs;
  }

  public static void assertRefused(ThrowingCallable opening) {
    assertThatThrownBy(opening)
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("AVX-512")
        .hasMessageContaining("palate.model.dtype");
  }
}
