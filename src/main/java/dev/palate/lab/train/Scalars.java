package dev.palate.lab.train;

import ai.djl.ndarray.NDArray;

/**
 * Numbers as operands of operations through which a gradient is taken.
 *
 * <p>DJL's {@code mul(Number)}, {@code div(Number)}, {@code pow(Number)} and {@code
 * maximum(Number)} (0.36) put the number in a direct buffer that nothing refers to once they
 * return, while PyTorch's graph points at its memory until the gradient is taken. A garbage
 * collection between the two frees it, and the gradients are of whatever lies there then. Numbers
 * made here live as long as the array's manager. Sums need none: their gradients do not read the
 * number.
 */
public final class Scalars {

  private Scalars() {}

  /**
   * A float32 scalar that lives as long as the manager of another array.
   *
   * <p>Never a double: it would turn a scalar, and all after it, into float64.
   */
  public static NDArray of(NDArray other, double value) {
    return other.getManager().create((float) value);
  }

  /** {@code max(0, z)}, by elements. */
  public static NDArray relu(NDArray z) {
    return z.maximum(of(z, 0));
  }

  /** {@code log(1 + exp(z))} without overflow. */
  public static NDArray softplus(NDArray z) {
    return relu(z).add(z.abs().neg().exp().add(1).log());
  }
}
