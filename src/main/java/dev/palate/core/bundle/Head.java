package dev.palate.core.bundle;

/**
 * The trained tensors on top of the encoder (MODEL.md, Model). Row-major; temperature and any
 * standardization of the embeddings are folded in.
 *
 * <p>Experts read a response through phi and, behind it, learned features: {@code r_k = v_k . [phi
 * ; relu(U phi + c)]}. A head without features ({@code f = 0}) is linear in the embedding.
 *
 * @param routerHidden W1, {@code float[h][d]}
 * @param routerHiddenBias b1, {@code float[h]}
 * @param routerOut W2, {@code float[k][h]}
 * @param routerOutBias b2, {@code float[k]}
 * @param features U, {@code float[f][d]}
 * @param featuresBias c, {@code float[f]}
 * @param experts V, {@code float[k][d + f]}
 */
public record Head(
    float[][] routerHidden,
    float[] routerHiddenBias,
    float[][] routerOut,
    float[] routerOutBias,
    float[][] features,
    float[] featuresBias,
    float[][] experts) {

  /** A head whose experts are linear in the embedding. */
  public Head(
      float[][] routerHidden,
      float[] routerHiddenBias,
      float[][] routerOut,
      float[] routerOutBias,
      float[][] experts) {
    this(
        routerHidden,
        routerHiddenBias,
        routerOut,
        routerOutBias,
        new float[0][],
        new float[0],
        experts);
  }

  /** K, the number of experts. */
  public int expertCount() {
    return experts.length;
  }

  /** f, the number of learned features; 0 for none. */
  public int featureCount() {
    return features.length;
  }

  /** The same router and features under other experts, {@code float[k][d + f]}. */
  public Head withExperts(float[][] others) {
    return new Head(
        routerHidden, routerHiddenBias, routerOut, routerOutBias, features, featuresBias, others);
  }

  /** The same features under another router's output and other experts. */
  public Head withRouting(float[][] otherOut, float[] otherBias, float[][] others) {
    return new Head(
        routerHidden, routerHiddenBias, otherOut, otherBias, features, featuresBias, others);
  }
}
