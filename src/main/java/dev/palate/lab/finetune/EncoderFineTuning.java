package dev.palate.lab.finetune;

import ai.djl.ndarray.NDArray;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.model.torch.TrainableModel;
import dev.palate.lab.data.DataException;
import dev.palate.lab.data.PairWeights;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.train.Batches;
import dev.palate.lab.train.Calibration;
import dev.palate.lab.train.Scalars;
import dev.palate.lab.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Trains the encoder together with the head that was trained on it frozen: the Bradley-Terry loss
 * of MODEL.md alone, by AdamW with a small rate that rises over the first tenth of the steps and
 * falls to zero. Every epoch is judged on the validation pairs, the untouched model first; the best
 * is written, and nothing where none is better than the untouched model.
 */
public final class EncoderFineTuning {

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
  public record Settings(int epochs, int batch, double rate, long seed) {
    public static final int EPOCHS = 1;
    public static final int BATCH = 16;
    public static final double RATE = 2e-5;

    public Settings {
      require(epochs >= 1, "epochs");
      require(batch >= 1, "batch");
      require(rate > 0 && Double.isFinite(rate), "rate");
    }

    private static void require(boolean holds, String field) {
      if (!holds) {
        throw new IllegalArgumentException("'" + field + "' must be a positive number");
      }
    }

    /** Steps over so many training pairs. */
    int steps(int pairs) {
      return epochs * (pairs / Math.min(batch, pairs));
    }
  }

  /**
   * @param encoder as it was written, with a head of its own; null: no epoch was better than the
   *     untouched model, and nothing was written
   * @param epochs the untouched model first, as epoch 0
   * @param best of them by validation log-loss
   */
  record Tuned(@Nullable EncoderSpec encoder, List<Trainer.Epoch> epochs, Trainer.Epoch best) {}

  /** Told of each step and each epoch. */
  interface Listener {
    void stepped();

    void ended(Trainer.Epoch epoch);
  }

  EncoderFineTuning(TrainableModel model, Settings settings, int topM) {
    this.model = model;
    this.settings = settings;
    this.topM = topM;
  }

  /**
   * Fine-tunes, and writes archive and tokenizer.
   *
   * @param userCap as in {@link PairWeights}
   * @param out where they are written
   * @throws DataException where the objective stops being finite
   */
  Tuned tune(
      List<PreferencePair> train,
      List<PreferencePair> validation,
      int userCap,
      Path out,
      Listener listener) {
    Batches batches =
        new Batches(PairWeights.of(train, userCap), settings.batch(), settings.seed());
    Optimizer optimizer = optimizer(settings.steps(train.size()));
    double[] weights = PairWeights.of(validation, userCap);
    List<Trainer.Epoch> epochs = new ArrayList<>();
    Trainer.Epoch best = judge(0, Double.NaN, validation, weights);
    EncoderSpec encoder = null;
    epochs.add(best);
    listener.ended(best);
    for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
      batches.shuffle();
      double sum = 0;
      for (int b = 0; b < batches.perEpoch(); b++) {
        sum += step(train, batches, b, optimizer);
        listener.stepped();
      }
      Trainer.Epoch end = judge(epoch, sum / batches.perEpoch(), validation, weights);
      epochs.add(end);
      listener.ended(end);
      if (end.validationLoss() < best.validationLoss()) {
        best = end;
        encoder = model.write(out);
      }
    }
    return new Tuned(encoder, List.copyOf(epochs), best);
  }

  private double step(List<PreferencePair> pairs, Batches batches, int b, Optimizer optimizer) {
    float[] shares = new float[batches.size()];
    batches.weights(b, shares);
    List<PreferencePair> batch =
        IntStream.range(0, shares.length).mapToObj(i -> pairs.get(batches.pair(b, i))).toList();
    double loss =
        model.step(
            batch.stream().map(PreferencePair::prompt).toList(),
            batch.stream().map(PreferencePair::chosen).toList(),
            batch.stream().map(PreferencePair::rejected).toList(),
            outputs -> loss(outputs, shares),
            optimizer);
    if (!Double.isFinite(loss)) {
      throw new DataException(
          "fine-tuning lost its footing: the loss is no number any more. Use a --fine-tune-rate"
              + " below %s.".formatted(settings.rate()));
    }
    return loss;
  }

  /** The weighted mean of log(1 + exp(-D)), D = w(x) . (r(x, y+) - r(x, y-)). */
  static NDArray loss(TrainableModel.Outputs outputs, float[] weights) {
    NDArray margins = outputs.chosen().sub(outputs.rejected());
    NDArray z = outputs.routing().softmax(1).mul(margins).sum(new int[] {1}).neg();
    return Scalars.softplus(z).mul(z.getManager().create(weights)).sum();
  }

  /** What the model as it is now says of the pairs. */
  PairScores scores(List<PreferencePair> pairs) {
    float[][] margins = new float[pairs.size()][];
    float[][] routing = new float[pairs.size()][];
    int[] order = byLength(pairs);
    for (int from = 0; from < order.length; from += SCORED) {
      int n = Math.min(SCORED, order.length - from);
      int first = from;
      List<PreferencePair> some =
          IntStream.range(0, n).mapToObj(i -> pairs.get(order[first + i])).toList();
      TrainableModel.Scores scores =
          model.score(
              some.stream().map(PreferencePair::prompt).toList(),
              some.stream().map(PreferencePair::chosen).toList(),
              some.stream().map(PreferencePair::rejected).toList());
      for (int i = 0; i < n; i++) {
        margins[order[from + i]] = scores.margins()[i];
        routing[order[from + i]] = scores.routing()[i];
      }
    }
    return new PairScores(margins, routing);
  }

  /** Pairs of like length share a pass, the longest first: memory that is short shows at once. */
  private static int[] byLength(List<PreferencePair> pairs) {
    int[] lengths = new int[pairs.size()];
    for (int i = 0; i < lengths.length; i++) {
      PreferencePair pair = pairs.get(i);
      lengths[i] =
          Math.max(
              pair.prompt().text().length(),
              Math.max(pair.chosen().length(), pair.rejected().length()));
    }
    return IntStream.range(0, lengths.length)
        .boxed()
        .sorted(Comparator.comparingInt(i -> -lengths[i]))
        .mapToInt(i -> i)
        .toArray();
  }

  private Trainer.Epoch judge(
      int epoch, double loss, List<PreferencePair> pairs, double[] weights) {
    double[] margins = scores(pairs).margins(topM);
    return new Trainer.Epoch(
        epoch,
        loss,
        Calibration.fit(margins, weights).logLoss(),
        Trainer.accuracy(margins, weights));
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
}
