package dev.palate.reward;

/**
 * The trained tensors on top of the encoder (MODEL.md, Model). Row-major; temperature and any
 * standardization of the embeddings are folded in.
 *
 * @param routerHidden W1, {@code float[h][d]}
 * @param routerHiddenBias b1, {@code float[h]}
 * @param routerOut W2, {@code float[k][h]}
 * @param routerOutBias b2, {@code float[k]}
 * @param experts V, {@code float[k][d]}
 */
public record Head(
    float[][] routerHidden,
    float[] routerHiddenBias,
    float[][] routerOut,
    float[] routerOutBias,
    float[][] experts) {

  /** K, the number of experts. */
  public int expertCount() {
    return experts.length;
  }
}
