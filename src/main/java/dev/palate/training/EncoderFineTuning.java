package dev.palate.training;

import ai.djl.ndarray.NDArray;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.palate.reward.Bundle;
import dev.palate.reward.Bundles;
import dev.palate.reward.EncoderSpec;
import dev.palate.reward.TrainableModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Trains the encoder together with the head that was trained on it frozen: the Bradley-Terry loss
 * of MODEL.md alone, by AdamW with a small rate that rises over the first tenth of the steps and
 * falls to zero. Every epoch is judged on the validation pairs, the untouched model first; the best
 * is written, so tuning that does not help changes nothing but the bundle's kind.
 */
final class EncoderFineTuning {

  private static final double WARM_UP = 0.1;

  /** Pairs scored in one pass: without gradients, several times what a step can hold. */
  private static final int SCORED = 64;

  private final TrainableModel model;
  private final Settings settings;
  private final int topM;

  /**
   * @param batch pairs in a step, three sequences each
   * @param rate the highest learning rate
   * @param seed decides the order of the pairs
   */
  record Settings(int epochs, int batch, double rate, long seed) {
    static final Settings DEFAULT = new Settings(1, 16, 2e-5, 1);

    Settings {
      if (epochs < 1 || batch < 1 || !(rate > 0)) {
        throw new IllegalArgumentException("'epochs', 'batch' and 'rate' must be positive");
      }
    }
  }

  /**
   * @param encoder as it was written; its bundle has no other head
   * @param best the epoch that was written; 0: the model as it was
   */
  record Tuned(EncoderSpec encoder, Trainer.Epoch best, Calibration calibration) {

    /** The bundle that was fine-tuned, with what changed; prior and cards are still its own. */
    Bundle of(Bundle before) {
      return new Bundle(
          before.name(),
          "",
          encoder,
          null,
          calibration.scale(),
          calibration.labelNoise(),
          before.topM(),
          before.prior(),
          before.meanRouting(),
          before.experts(),
          before.data(),
          before.metrics());
    }
  }

  EncoderFineTuning(TrainableModel model, Settings settings, int topM) {
    this.model = model;
    this.settings = settings;
    this.topM = topM;
  }

  /** Fine-tunes and writes a whole bundle of kind {@code torchscript}. */
  Bundle run(
      Bundle before,
      List<PreferencePair> train,
      List<PreferencePair> validation,
      int userCap,
      Path out,
      Consumer<Trainer.Epoch> listener) {
    return Bundles.write(out, tune(train, validation, userCap, out, listener).of(before));
  }

  /**
   * Fine-tunes and writes the archive and its tokenizer.
   *
   * @param userCap as in {@link PairWeights}
   * @param out the bundle's directory
   */
  Tuned tune(
      List<PreferencePair> train,
      List<PreferencePair> validation,
      int userCap,
      Path out,
      Consumer<Trainer.Epoch> listener) {
    double[] weights = PairWeights.of(train, userCap);
    double[] validationWeights = PairWeights.of(validation, userCap);
    int batch = Math.min(settings.batch(), train.size());
    int perEpoch = train.size() / batch;
    Optimizer optimizer = optimizer(settings.epochs() * perEpoch);
    Judged start = judge(0, Double.NaN, validation, validationWeights);
    listener.accept(start.epoch());
    Tuned best = new Tuned(model.write(out), start.epoch(), start.calibration());
    Random random = new Random(settings.seed());
    int[] order = IntStream.range(0, train.size()).toArray();
    for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
      shuffle(order, random);
      double sum = 0;
      for (int b = 0; b < perEpoch; b++) {
        int[] indices = Arrays.copyOfRange(order, b * batch, (b + 1) * batch);
        sum += step(train, weights, indices, optimizer);
      }
      Judged end = judge(epoch, sum / perEpoch, validation, validationWeights);
      listener.accept(end.epoch());
      if (end.epoch().validationLoss() < best.best().validationLoss()) {
        best = new Tuned(model.write(out), end.epoch(), end.calibration());
      }
    }
    return best;
  }

  private double step(
      List<PreferencePair> pairs, double[] weights, int[] indices, Optimizer optimizer) {
    List<PreferencePair> batch = Arrays.stream(indices).mapToObj(pairs::get).toList();
    double total = Arrays.stream(indices).mapToDouble(i -> weights[i]).sum();
    float[] shares = new float[indices.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = (float) (weights[indices[i]] / total);
    }
    return model.step(
        batch.stream().map(PreferencePair::prompt).toList(),
        batch.stream().map(PreferencePair::chosen).toList(),
        batch.stream().map(PreferencePair::rejected).toList(),
        outputs -> loss(outputs, shares),
        optimizer);
  }

  /** The weighted mean of log(1 + exp(-D)), D = w(x) . (r(x, y+) - r(x, y-)). */
  static NDArray loss(TrainableModel.Outputs outputs, float[] weights) {
    NDArray margins = outputs.chosen().sub(outputs.rejected());
    NDArray z = outputs.routing().softmax(1).mul(margins).sum(new int[] {1}).neg();
    NDArray losses = z.maximum(0).add(z.abs().neg().exp().add(1).log());
    return losses.mul(z.getManager().create(weights)).sum();
  }

  /** What the model as it is now says of the pairs. */
  PairScores scores(List<PreferencePair> pairs) {
    float[][] margins = new float[pairs.size()][];
    float[][] routing = new float[pairs.size()][];
    for (int from = 0; from < pairs.size(); from += SCORED) {
      List<PreferencePair> some = pairs.subList(from, Math.min(pairs.size(), from + SCORED));
      TrainableModel.Scores scores =
          model.score(
              some.stream().map(PreferencePair::prompt).toList(),
              some.stream().map(PreferencePair::chosen).toList(),
              some.stream().map(PreferencePair::rejected).toList());
      System.arraycopy(scores.margins(), 0, margins, from, some.size());
      System.arraycopy(scores.routing(), 0, routing, from, some.size());
    }
    return new PairScores(margins, routing);
  }

  private record Judged(Trainer.Epoch epoch, Calibration calibration) {}

  private Judged judge(int epoch, double loss, List<PreferencePair> pairs, double[] weights) {
    double[] margins = scores(pairs).margins(topM);
    Calibration calibration = Calibration.fit(margins, weights);
    return new Judged(
        new Trainer.Epoch(epoch, loss, calibration.logLoss(), Trainer.accuracy(margins, weights)),
        calibration);
  }

  private Optimizer optimizer(int steps) {
    Tracker rate = step -> (float) (settings.rate() * share(step, steps));
    return Optimizer.adamW().optLearningRateTracker(rate).build();
  }

  /** Of the highest rate: rises linearly, then falls by a cosine. */
  static double share(int step, int steps) {
    double progress = Math.min(1, (double) step / steps);
    return progress < WARM_UP
        ? progress / WARM_UP
        : 0.5 * (1 + Math.cos(Math.PI * (progress - WARM_UP) / (1 - WARM_UP)));
  }

  private static void shuffle(int[] order, Random random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }
}
