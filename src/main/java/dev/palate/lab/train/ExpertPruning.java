package dev.palate.lab.train;

import dev.palate.core.bundle.Head;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.PairScores;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Takes out of a trained head what it does not need (MODEL.md, After training): experts that hardly
 * any prompt is routed to are dropped, experts that judge alike are merged.
 *
 * <p>Dropping is exact: softmax over the others is the old routing without that expert,
 * renormalized. Merging i and j is not, in two places. The merged expert should be (w_i r_i + w_j
 * r_j) / (w_i + w_j), whose weights differ from prompt to prompt; it becomes the mean of both
 * directions by usage, which differs little where they correlate. Its logit should be log(exp a_i +
 * exp a_j), which is not linear in the router's hidden layer; it becomes what {@link MergedLogit}
 * finds closest. So each result says what was measured before and after.
 */
public final class ExpertPruning {

  /** Experts whose margins correlate more are merged. */
  static final double ALIKE = 0.95;

  /** An expert used less than this share of an equal one, 1 / K, is dropped. */
  static final double LEAST_USAGE = 0.2;

  /** Below two there is nothing to route. */
  private static final int LEAST_EXPERTS = 2;

  private final EncodedPairs validation;
  private final double[] weights;
  private final int topM;
  private final boolean dropIdle;

  /** What was done; experts by their number in the head before any step. */
  sealed interface Step {

    /**
     * @param usage mean routing weight
     */
    record Dropped(int expert, double usage) implements Step {}

    /**
     * @param kept the more used one, whose place the merged expert takes
     * @param gone the other
     */
    record Merged(int kept, int gone, double correlation) implements Step {}
  }

  /**
   * How good a head is on the validation pairs, served with top-m.
   *
   * @param logLoss after its own calibration of the scale
   */
  record Measured(int experts, double accuracy, double logLoss) {}

  /**
   * @param kept {@code int[k]}: each remaining expert's number in the head before
   * @param steps in the order they were taken; empty: the head is as it was
   */
  public record Result(Head head, int[] kept, List<Step> steps, Measured before, Measured after) {}

  /** Head, its experts' numbers before any step, and what it says of the validation pairs. */
  private record State(Head head, int[] ids, PairScores scores, double[] usage) {}

  /**
   * @param weights of the validation pairs, {@code double[n]}
   * @param topM routing weights kept when serving
   * @param dropIdle false where the experts were trained with users' shifts: one that no prompt is
   *     routed to may be a direction in which users differ
   */
  public ExpertPruning(EncodedPairs validation, double[] weights, int topM, boolean dropIdle) {
    this.validation = validation;
    this.weights = weights;
    this.topM = topM;
    this.dropIdle = dropIdle;
  }

  public Result prune(Head head) {
    State state = state(head, IntStream.range(0, head.expertCount()).toArray());
    Measured before = measured(state);
    double leastUsage = LEAST_USAGE / head.expertCount();
    List<Step> steps = new ArrayList<>();
    while (state.ids().length > LEAST_EXPERTS) {
      int idle = leastUsed(state.usage());
      int[] alike = mostAlike(state.scores().margins());
      double correlation = correlation(state.scores().margins(), alike[0], alike[1]);
      if (dropIdle && state.usage()[idle] < leastUsage) {
        steps.add(new Step.Dropped(state.ids()[idle], state.usage()[idle]));
        state = state(without(state.head(), idle), without(state.ids(), idle));
      } else if (correlation > ALIKE) {
        boolean first = state.usage()[alike[0]] >= state.usage()[alike[1]];
        int kept = first ? alike[0] : alike[1];
        int gone = first ? alike[1] : alike[0];
        steps.add(new Step.Merged(state.ids()[kept], state.ids()[gone], correlation));
        state = state(merged(state, kept, gone), without(state.ids(), gone));
      } else {
        break;
      }
    }
    return new Result(state.head(), state.ids(), List.copyOf(steps), before, measured(state));
  }

  private State state(Head head, int[] ids) {
    PairScores scores = PairScores.of(head, validation);
    double[] usage = new double[ids.length];
    double total = 0;
    for (int i = 0; i < scores.size(); i++) {
      total += weights[i];
      for (int k = 0; k < usage.length; k++) {
        usage[k] += weights[i] * scores.routing()[i][k];
      }
    }
    for (int k = 0; k < usage.length; k++) {
      usage[k] /= total;
    }
    return new State(head, ids, scores, usage);
  }

  private Measured measured(State state) {
    double[] margins = state.scores().margins(topM);
    return new Measured(
        state.ids().length,
        Trainer.accuracy(margins, weights),
        Calibration.fitScale(margins, weights, 0).logLoss());
  }

  private static int leastUsed(double[] usage) {
    int least = 0;
    for (int k = 1; k < usage.length; k++) {
      least = usage[k] < usage[least] ? k : least;
    }
    return least;
  }

  private static int[] mostAlike(float[][] margins) {
    int[] most = {0, 1};
    double highest = Double.NEGATIVE_INFINITY;
    for (int a = 0; a < margins[0].length; a++) {
      for (int b = a + 1; b < margins[0].length; b++) {
        double correlation = correlation(margins, a, b);
        if (correlation > highest) {
          highest = correlation;
          most = new int[] {a, b};
        }
      }
    }
    return most;
  }

  /** About zero: a pair turned round changes both margins' signs and must not change this. */
  private static double correlation(float[][] margins, int a, int b) {
    double product = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (float[] margin : margins) {
      product += (double) margin[a] * margin[b];
      squaresA += (double) margin[a] * margin[a];
      squaresB += (double) margin[b] * margin[b];
    }
    double scale = Math.sqrt(squaresA * squaresB);
    return scale > 0 ? product / scale : 0;
  }

  private Head merged(State state, int kept, int gone) {
    Head head = state.head();
    double share = state.usage()[kept] / (state.usage()[kept] + state.usage()[gone]);
    float[][] experts = head.experts().clone();
    experts[kept] = new float[experts[kept].length];
    for (int j = 0; j < experts[kept].length; j++) {
      experts[kept][j] =
          (float) (share * head.experts()[kept][j] + (1 - share) * head.experts()[gone][j]);
    }
    MergedLogit logit = MergedLogit.fit(head, validation, weights, kept, gone);
    float[][] routerOut = head.routerOut().clone();
    float[] bias = head.routerOutBias().clone();
    routerOut[kept] = logit.weights();
    bias[kept] = logit.bias();
    return without(head.withRouting(routerOut, bias, experts), gone);
  }

  private static Head without(Head head, int expert) {
    return head.withRouting(
        without(head.routerOut(), expert),
        without(head.routerOutBias(), expert),
        without(head.experts(), expert));
  }

  private static float[][] without(float[][] rows, int index) {
    return others(rows.length, index).mapToObj(i -> rows[i]).toArray(float[][]::new);
  }

  private static int[] without(int[] values, int index) {
    return others(values.length, index).map(i -> values[i]).toArray();
  }

  private static float[] without(float[] values, int index) {
    int[] others = others(values.length, index).toArray();
    float[] rest = new float[others.length];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = values[others[i]];
    }
    return rest;
  }

  private static IntStream others(int n, int index) {
    return IntStream.range(0, n).filter(i -> i != index);
  }
}
