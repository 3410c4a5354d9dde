package dev.palate.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.palate.reward.Head;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Trains router and experts on cached embeddings.
 *
 * <p>A step copies its batch and the parameters into a manager of its own, which frees all native
 * memory at the step's end; only the gradients come back. Learning rates fall by a cosine. The
 * local sparsity rises from 10 % to 50 % of the steps; from there on, every epoch is judged on the
 * validation pairs, as the model would serve, and the best one is kept. Nothing else is random than
 * the seed says.
 */
public final class Trainer {

  private static final double ROUTER_DECAY = 0.01;

  private final TrainingSettings settings;
  private final int topM;

  public Trainer(TrainingSettings settings, int topM) {
    this.settings = settings;
    this.topM = topM;
  }

  /**
   * An epoch's end.
   *
   * @param loss the mean training objective of its steps
   * @param validationLoss calibrated log-loss on validation, served with top-m
   * @param validationAccuracy weighted like the loss
   */
  public record Epoch(int epoch, double loss, double validationLoss, double validationAccuracy) {}

  /**
   * @param best the epoch whose parameters are kept
   * @param head with standardization folded in
   */
  public record Trained(Head head, Epoch best) {}

  /**
   * @param listener told of each epoch
   */
  public Trained train(EncodedPairs train, EncodedPairs validation, Consumer<Epoch> listener) {
    Standardization prompts = Standardization.of(train.encodings(), train.prompts());
    Standardization responses =
        Standardization.of(train.encodings(), train.chosen(), train.rejected());
    double[] weights = PairWeights.of(train.pairs(), settings.userCap());
    double[] validationWeights = PairWeights.of(validation.pairs(), settings.userCap());
    HeadParameters parameters =
        HeadParameters.random(
            train.encodings().dimension(), settings.hidden(), settings.experts(), settings.seed());
    AdamW optimizer =
        new AdamW(parameters.tensors(), new double[] {ROUTER_DECAY, 0, ROUTER_DECAY, 0, 0});
    Batches batches =
        new Batches(train, weights, prompts, responses, settings.batch(), settings.seed());
    int steps = settings.epochs() * batches.perEpoch();
    Trained best = null;
    int step = 0;
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
      for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
        batches.shuffle();
        double sum = 0;
        for (int b = 0; b < batches.perEpoch(); b++, step++) {
          sum += step(manager, parameters, optimizer, batches.fill(b), (double) step / steps);
        }
        Head head = parameters.fold(prompts, responses);
        Epoch end = judge(epoch, sum / batches.perEpoch(), head, validation, validationWeights);
        listener.accept(end);
        boolean ramped = step >= steps / 2;
        if (best == null || !ramped || end.validationLoss() < best.best().validationLoss()) {
          best = new Trained(head, end);
        }
      }
    }
    if (best == null) {
      throw new IllegalStateException("no epoch was run");
    }
    return best;
  }

  private double step(
      NDManager manager,
      HeadParameters parameters,
      AdamW optimizer,
      Batches.Batch batch,
      double progress) {
    double ramp = Math.clamp((progress - 0.1) / 0.4, 0, 1);
    MoeLoss.Strengths strengths =
        new MoeLoss.Strengths(
            settings.localSparsity() * ramp,
            settings.globalBalance(),
            settings.diversity(),
            settings.l2());
    Gradients gradients = Gradients.of(manager, parameters, batch, strengths);
    double cosine = 0.5 * (1 + Math.cos(Math.PI * progress));
    double router = settings.routerRate() * cosine;
    double experts = settings.expertRate() * cosine;
    optimizer.step(
        parameters.tensors(),
        gradients.tensors(),
        new double[] {router, router, router, router, experts});
    return gradients.loss();
  }

  private Epoch judge(
      int epoch, double loss, Head head, EncodedPairs validation, double[] weights) {
    double[] margins = PairScores.of(head, validation).margins(topM);
    Calibration calibration = Calibration.fitScale(margins, weights, 0);
    return new Epoch(epoch, loss, calibration.logLoss(), accuracy(margins, weights));
  }

  /** Weighted share of positive margins; a tie is half right. */
  static double accuracy(double[] margins, double[] weights) {
    double right = 0;
    double total = 0;
    for (int i = 0; i < margins.length; i++) {
      right += weights[i] * (margins[i] > 0 ? 1 : margins[i] == 0 ? 0.5 : 0);
      total += weights[i];
    }
    return right / total;
  }

  /** The loss of one batch and its gradient by autograd. */
  record Gradients(double loss, float[][] tensors) {

    static Gradients of(
        NDManager manager,
        HeadParameters parameters,
        Batches.Batch batch,
        MoeLoss.Strengths strengths) {
      long n = batch.size();
      long d = parameters.dimension();
      long h = parameters.hidden();
      long k = parameters.experts();
      long[][] shapes = {{h, d}, {h}, {k, h}, {k}, {k, d}};
      try (NDManager own = manager.newSubManager();
          GradientCollector collector = manager.getEngine().newGradientCollector()) {
        NDList tensors = new NDList();
        for (int i = 0; i < shapes.length; i++) {
          NDArray tensor = MoeLoss.array(own, parameters.tensors()[i], shapes[i]);
          tensor.setRequiresGradient(true);
          tensors.add(tensor);
        }
        NDArray loss =
            MoeLoss.of(
                tensors,
                MoeLoss.array(own, batch.prompts(), n, d),
                MoeLoss.array(own, batch.differences(), n, d),
                MoeLoss.array(own, batch.weights(), n),
                strengths);
        collector.backward(loss);
        float[][] gradients = new float[shapes.length][];
        for (int i = 0; i < shapes.length; i++) {
          gradients[i] = tensors.get(i).getGradient().toFloatArray();
        }
        return new Gradients(loss.getFloat(), gradients);
      }
    }
  }

  /** Shuffled mini-batches, standardized; the last, short one of an epoch is left out. */
  static final class Batches {

    private final EncodedPairs pairs;
    private final double[] weights;
    private final Standardization prompts;
    private final Standardization responses;
    private final Random random;
    private final int[] order;
    private final Batch batch;
    private final float[] other;

    /** {@code float[n*d]}, {@code float[n*d]}, {@code float[n]}: overwritten by the next batch. */
    record Batch(int size, float[] prompts, float[] differences, float[] weights) {}

    Batches(
        EncodedPairs pairs,
        double[] weights,
        Standardization prompts,
        Standardization responses,
        int size,
        long seed) {
      this.pairs = pairs;
      this.weights = weights;
      this.prompts = prompts;
      this.responses = responses;
      this.random = new Random(seed);
      int d = pairs.encodings().dimension();
      int n = Math.min(size, pairs.size());
      this.batch = new Batch(n, new float[n * d], new float[n * d], new float[n]);
      this.other = new float[d];
      this.order = new int[pairs.size()];
      for (int i = 0; i < order.length; i++) {
        order[i] = i;
      }
    }

    int perEpoch() {
      return order.length / batch.size();
    }

    void shuffle() {
      for (int i = order.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
    }

    Batch fill(int index) {
      int d = other.length;
      double total = 0;
      for (int i = 0; i < batch.size(); i++) {
        total += weights[order[index * batch.size() + i]];
      }
      for (int i = 0; i < batch.size(); i++) {
        int pair = order[index * batch.size() + i];
        int offset = i * d;
        batch.weights()[i] = (float) (weights[pair] / total);
        pairs.encodings().copy(pairs.prompts()[pair], batch.prompts(), offset);
        pairs.encodings().copy(pairs.chosen()[pair], batch.differences(), offset);
        pairs.encodings().copy(pairs.rejected()[pair], other, 0);
        for (int j = 0; j < d; j++) {
          float p = batch.prompts()[offset + j];
          batch.prompts()[offset + j] = (p - prompts.mean()[j]) / prompts.deviation()[j];
          float difference = batch.differences()[offset + j] - other[j];
          batch.differences()[offset + j] = difference / responses.deviation()[j];
        }
      }
      return batch;
    }
  }
}
