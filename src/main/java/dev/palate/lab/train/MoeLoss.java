package dev.palate.lab.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The training objective of MODEL.md on one batch, as operations that DJL can differentiate:
 *
 * <pre>
 *   L = (1 - p) mean log(1 + exp(-w(x) . D))                   Bradley-Terry, as anybody is served
 *     + p mean log(1 + exp(-(w(x) + d_u) . D))                 the same with the user's shift
 *     + l_shift / 2 sum_u ||d_u||^2                            on average over a user's labels
 *     + l_loc  mean_x H(w(x)) / ln K                           each prompt sure of its expert
 *     + l_glob (1 - H(mean_x w(x)) / ln K)                     all experts used
 *     + l_div  mean_{k != l} cos^2(v_k - v_mean, v_l - v_mean) experts differ beyond their common part
 *     + l2 / 2 ||V - V_0||^2                                   V_0: what the features of pairs are meant to say, else 0
 * </pre>
 *
 * Every mean over pairs is weighted; D is {@code float[k]}, the experts' margins of a pair.
 */
final class MoeLoss {

  private static final float TINY = 1e-12f;

  private MoeLoss() {}

  /**
   * The regularizers' strengths at one step.
   *
   * @param personal p, the part of the loss taken with users' shifts
   * @param shift l_shift
   */
  record Strengths(
      double local, double global, double diversity, double l2, double personal, double shift) {

    /** Without users' shifts. */
    Strengths(double local, double global, double diversity, double l2) {
      this(local, global, diversity, l2, 0, 0);
    }
  }

  /**
   * @param parameters as {@link HeadParameters} has them, in their shapes
   * @param prompts {@code float[n,d]}, standardized
   * @param chosen {@code float[n,d]}: phi(x, y+), standardized
   * @param rejected {@code float[n,d]}: phi(x, y-), standardized
   * @param pair {@code float[n,F]}: standardized features of prompt and chosen response less those
   *     of the rejected one; null where the experts read none
   * @param center V_0, {@code float[k,d+f+F]}; null for 0
   * @param weights {@code float[n]}, summing to 1
   * @param shifts d_u of each pair's user, {@code float[n,k]}
   * @param shares {@code float[n]}: one over the number of the user's labels
   * @return a scalar
   */
  static NDArray of(
      NDList parameters,
      NDArray prompts,
      NDArray chosen,
      NDArray rejected,
      @Nullable NDArray pair,
      @Nullable NDArray center,
      NDArray weights,
      NDArray shifts,
      NDArray shares,
      Strengths strengths) {
    NDArray v = parameters.get(HeadParameters.V);
    long k = v.getShape().get(0);
    NDArray logits = logits(parameters, prompts);
    NDArray logRouting = logits.logSoftmax(1);
    NDArray routing = logits.softmax(1);
    NDArray read = differences(parameters, chosen, rejected);
    NDArray margins = (pair == null ? read : read.concat(pair, 1)).matMul(v.transpose());
    NDArray margin = routing.mul(margins).sum(new int[] {1});

    NDArray loss = Scalars.softplus(margin.neg()).mul(weights).sum();
    if (strengths.personal() > 0) {
      NDArray shifted = margin.add(shifts.mul(margins).sum(new int[] {1}));
      NDArray personal = Scalars.softplus(shifted.neg()).mul(weights).sum();
      NDArray sizes = shifts.square().sum(new int[] {1}).mul(shares).mul(weights).sum();
      loss =
          times(loss, 1 - strengths.personal())
              .add(times(personal, strengths.personal()))
              .add(times(sizes, strengths.shift() / 2));
    }
    NDArray entropies = routing.mul(logRouting).sum(new int[] {1}).neg();
    double logK = Math.log(k);
    loss = loss.add(times(entropies.mul(weights).sum(), strengths.local() / logK));
    NDArray usage = routing.mul(weights.expandDims(1)).sum(new int[] {0});
    NDArray balance = times(usage.mul(usage.add(TINY).log()).sum(), 1 / logK).add(1);
    loss = loss.add(times(balance, strengths.global()));
    loss = loss.add(times(likeness(v, k), strengths.diversity()));
    NDArray off = center == null ? v : v.sub(center);
    return loss.add(times(off.square().sum(), strengths.l2() / 2));
  }

  private static NDArray times(NDArray array, double factor) {
    return array.mul(Scalars.of(array, factor));
  }

  /** What the experts read of the chosen response less what they read of the rejected one. */
  private static NDArray differences(NDList parameters, NDArray chosen, NDArray rejected) {
    NDArray differences = chosen.sub(rejected);
    if (parameters.size() <= HeadParameters.U) {
      return differences;
    }
    return differences.concat(features(parameters, chosen).sub(features(parameters, rejected)), 1);
  }

  private static NDArray features(NDList parameters, NDArray responses) {
    return Scalars.relu(
        responses
            .matMul(parameters.get(HeadParameters.U).transpose())
            .add(parameters.get(HeadParameters.C)));
  }

  private static NDArray logits(NDList parameters, NDArray prompts) {
    NDArray hidden =
        Scalars.relu(
            prompts
                .matMul(parameters.get(HeadParameters.W1).transpose())
                .add(parameters.get(HeadParameters.B1)));
    return hidden
        .matMul(parameters.get(HeadParameters.W2).transpose())
        .add(parameters.get(HeadParameters.B2));
  }

  /** Mean squared cosine between centred experts, over ordered pairs of two. */
  private static NDArray likeness(NDArray v, long k) {
    NDArray centred = v.sub(v.mean(new int[] {0}, true));
    NDArray norms = centred.square().sum(new int[] {1}, true).add(TINY).sqrt();
    NDArray unit = centred.div(norms);
    NDArray cosines = unit.matMul(unit.transpose());
    NDArray self = unit.square().sum(new int[] {1}).square().sum();
    return times(cosines.square().sum().sub(self), 1.0 / (k * (k - 1)));
  }

  /** A float32 array of the given shape over the values. */
  static NDArray array(NDManager manager, float[] values, long... shape) {
    NDArray array = manager.create(new Shape(shape), DataType.FLOAT32);
    array.set(values);
    return array;
  }
}
