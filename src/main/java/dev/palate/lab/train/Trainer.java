package dev.palate.lab.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import dev.palate.core.bundle.Head;
import dev.palate.lab.data.DataException;
import dev.palate.lab.data.PairWeights;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.PairScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
  private static final double SHIFT_RATE = 0.02;

  /** Epochs without a better one after which training stops. */
  private static final int PATIENCE = 4;

  private final TrainingSettings settings;
  private final int topM;
  private final @Nullable Checkpoints checkpoints;
  private final float[] pairStart;

  public Trainer(TrainingSettings settings, int topM) {
    this(settings, topM, null);
  }

  /**
   * @param checkpoints where a run that was cut off is taken up again; null: nowhere
   */
  public Trainer(TrainingSettings settings, int topM, @Nullable Checkpoints checkpoints) {
    this(settings, topM, checkpoints, new float[0]);
  }

  /**
   * @param checkpoints where a run that was cut off is taken up again; null: nowhere
   * @param pairStart where the experts' weights of the features of pairs begin, {@code float[F]};
   *     empty: at small random ones
   */
  public Trainer(
      TrainingSettings settings, int topM, @Nullable Checkpoints checkpoints, float[] pairStart) {
    this.settings = settings;
    this.topM = topM;
    this.checkpoints = checkpoints;
    this.pairStart = pairStart.clone();
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
   * @param epochs all that were run, those before an interruption included
   */
  public record Trained(Head head, Epoch best, List<Epoch> epochs) {

    public Trained {
      epochs = List.copyOf(epochs);
    }
  }

  /**
   * @param listener told of each epoch
   * @throws DataException where the objective stops being finite
   */
  public Trained train(EncodedPairs train, EncodedPairs validation, Consumer<Epoch> listener) {
    Standardization prompts = Standardization.of(train.encodings(), train.prompts());
    Standardization responses =
        Standardization.of(train.encodings(), train.chosen(), train.rejected());
    double[] validationWeights = PairWeights.of(validation.pairs(), settings.userCap());
    String key =
        checkpoints == null
            ? ""
            : Checkpoints.key(
                settings + " top " + topM + Arrays.toString(pairStart), train, validation);
    UserShifts shifts = new UserShifts(train.pairs(), settings.experts());
    Batches batches =
        new Batches(
            PairWeights.of(train.pairs(), settings.userCap()), settings.batch(), settings.seed());
    StandardizedPairs standardized = new StandardizedPairs(train, prompts, responses);
    Batches.Batch batch =
        new Batches.Batch(
            batches.size(),
            train.encodings().dimension(),
            train.pairFeatures(),
            settings.experts());
    Progress progress =
        checkpoints == null
            ? start(train)
            : checkpoints
                .find(key)
                .map(found -> resume(found, batches, shifts, train.pairFeatures()))
                .orElseGet(() -> start(train));
    HeadParameters parameters = progress.parameters;
    int steps = settings.epochs() * batches.perEpoch();
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
      while (progress.epoch() < settings.epochs() && !progress.stalled()) {
        batches.shuffle();
        int step = progress.epoch() * batches.perEpoch();
        double sum = 0;
        for (int b = 0; b < batches.perEpoch(); b++, step++) {
          double done = (double) step / steps;
          batch.fill(batches, standardized, b);
          sum += step(manager, parameters, progress.optimizer, shifts, batch, done);
        }
        Head head = parameters.fold(prompts, responses);
        int epoch = progress.epoch() + 1;
        Epoch end = judge(epoch, sum / batches.perEpoch(), head, validation, validationWeights);
        progress.end(end, step >= steps / 2);
        listener.accept(end);
        if (checkpoints != null) {
          checkpoints.write(key, progress.checkpoint(shifts));
        }
      }
    }
    if (checkpoints != null) {
      checkpoints.delete(key);
    }
    return progress.trained(prompts, responses);
  }

  private Progress start(EncodedPairs train) {
    HeadParameters parameters =
        HeadParameters.random(
            train.encodings().dimension(),
            settings.hidden(),
            settings.features().width(),
            train.pairFeatures(),
            settings.experts(),
            settings.seed());
    if (pairStart.length > 0) {
      parameters = parameters.withPairWeights(pairStart);
    }
    return new Progress(parameters, new AdamW(parameters.tensors(), decay(parameters)));
  }

  /** Brings shifts and the order of the pairs to where the checkpoint was taken, too. */
  private Progress resume(
      Checkpoint checkpoint, Batches batches, UserShifts shifts, int pairFeatures) {
    int dimension = checkpoint.parameters()[HeadParameters.W1].length / settings.hidden();
    HeadParameters parameters =
        new HeadParameters(
            dimension,
            settings.hidden(),
            settings.features().width(),
            pairFeatures,
            settings.experts(),
            pairStart.length == 0 ? new float[pairFeatures] : pairStart,
            checkpoint.parameters());
    Progress progress =
        new Progress(parameters, new AdamW(checkpoint.optimizer(), decay(parameters)));
    progress.epochs.addAll(checkpoint.epochs());
    progress.best = checkpoint.best();
    shifts.restore(checkpoint.shifts());
    for (int epoch = 0; epoch < checkpoint.epoch(); epoch++) {
      batches.shuffle();
    }
    return progress;
  }

  private double[] decay(HeadParameters parameters) {
    return parameters.each(ROUTER_DECAY, 0, settings.expertDecay(), settings.features().decay(), 0);
  }

  /** Where a run is. */
  private static final class Progress {
    final HeadParameters parameters;
    final AdamW optimizer;
    final List<Epoch> epochs = new ArrayList<>();
    Checkpoint.@Nullable Best best;

    Progress(HeadParameters parameters, AdamW optimizer) {
      this.parameters = parameters;
      this.optimizer = optimizer;
    }

    int epoch() {
      return epochs.size();
    }

    /** Before the sparsity is in full, the newest epoch is the best. */
    void end(Epoch end, boolean ramped) {
      epochs.add(end);
      if (best == null || !best.ramped() || end.validationLoss() < best.validationLoss()) {
        best =
            new Checkpoint.Best(
                end.epoch(),
                end.loss(),
                end.validationLoss(),
                end.validationAccuracy(),
                ramped,
                parameters.copy().tensors());
      }
    }

    boolean stalled() {
      return best != null && best.ramped() && epoch() - best.epoch() >= PATIENCE;
    }

    Checkpoint checkpoint(UserShifts shifts) {
      return new Checkpoint(epochs, parameters.tensors(), optimizer.state(), shifts.state(), best);
    }

    Trained trained(Standardization prompts, Standardization responses) {
      if (best == null) {
        throw new IllegalStateException("no epoch was run");
      }
      HeadParameters kept =
          new HeadParameters(
              parameters.dimension(),
              parameters.hidden(),
              parameters.features(),
              parameters.pair(),
              parameters.experts(),
              best.parameters());
      return new Trained(
          kept.fold(prompts, responses),
          new Epoch(best.epoch(), best.loss(), best.validationLoss(), best.validationAccuracy()),
          epochs);
    }
  }

  private double step(
      NDManager manager,
      HeadParameters parameters,
      AdamW optimizer,
      UserShifts shifts,
      Batches.Batch batch,
      double progress) {
    double ramp = Math.clamp((progress - 0.1) / 0.4, 0, 1);
    MoeLoss.Strengths strengths =
        new MoeLoss.Strengths(
            settings.localSparsity() * ramp,
            settings.globalBalance(),
            settings.diversity(),
            settings.l2(),
            settings.personal(),
            settings.shiftPenalty());
    shifts.gather(batch.pairs(), batch.shifts(), batch.shares());
    Gradients gradients = Gradients.of(manager, parameters, batch, strengths);
    if (!Double.isFinite(gradients.loss())) {
      throw new DataException(
          "training lost its footing: the loss is no number any more. Use lower rates than"
              + " %s for the router and %s for the experts."
                  .formatted(settings.routerRate(), settings.expertRate()));
    }
    double cosine = 0.5 * (1 + Math.cos(Math.PI * progress));
    double router = settings.routerRate() * cosine;
    double experts = settings.expertRate() * cosine;
    double features = settings.features().rate() * cosine;
    optimizer.step(
        parameters.tensors(),
        gradients.tensors(),
        parameters.each(router, router, experts, features, features));
    if (settings.personal() > 0) {
      shifts.step(batch.pairs(), gradients.shifts(), SHIFT_RATE * cosine);
    }
    return gradients.loss();
  }

  private Epoch judge(
      int epoch, double loss, Head head, EncodedPairs validation, double[] weights) {
    double[] margins = PairScores.of(head, validation).margins(topM);
    Calibration calibration = Calibration.fitScale(margins, weights, 0);
    return new Epoch(epoch, loss, calibration.logLoss(), accuracy(margins, weights));
  }

  /** Weighted share of positive margins; a tie is half right. */
  public static double accuracy(double[] margins, double[] weights) {
    double right = 0;
    double total = 0;
    for (int i = 0; i < margins.length; i++) {
      right += weights[i] * (margins[i] > 0 ? 1 : margins[i] == 0 ? 0.5 : 0);
      total += weights[i];
    }
    return right / total;
  }
}
