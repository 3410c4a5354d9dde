package dev.palate.lab.baselines;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.palate.core.model.torch.GradientTurn;
import dev.palate.lab.data.Split;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.judge.Material;
import dev.palate.lab.judge.Rule;
import dev.palate.lab.judge.Selection;
import dev.palate.lab.train.AdamW;
import dev.palate.lab.train.Batches;
import dev.palate.lab.train.HeadParameters;
import dev.palate.lab.train.Scalars;
import dev.palate.lab.train.Standardization;
import dev.palate.lab.train.StandardizedPairs;
import dev.palate.lab.train.TrainingSettings;

/**
 * MiCRo (arXiv 2505.24846): router and experts as ours, but a mixture of probabilities, {@code P =
 * sum_k w_k(x) sigmoid(D_k)}, trained by {@code -log P + 0.5 sum_k f_k log f_k}, f the batch's mean
 * routing. The optimizer, epochs, batches and pair weights of the trainer of bundles.
 */
final class MixtureTraining {

  private static final double BALANCE = 0.5;
  private static final double ROUTER_DECAY = 0.01;
  private static final float TINY = 1e-12f;

  private final TrainingSettings settings;

  MixtureTraining(TrainingSettings settings) {
    this.settings = settings;
  }

  Rule fit(Material material, String name) {
    EncodedPairs train = material.encoded(Split.TRAIN);
    Standardization prompts = Standardization.of(train.encodings(), train.prompts());
    Standardization responses =
        Standardization.of(train.encodings(), train.chosen(), train.rejected());
    HeadParameters parameters =
        HeadParameters.random(
            train.encodings().dimension(),
            settings.hidden(),
            0,
            0,
            settings.experts(),
            settings.seed());
    AdamW optimizer =
        new AdamW(parameters.tensors(), new double[] {ROUTER_DECAY, 0, ROUTER_DECAY, 0, 0});
    Batches batches = new Batches(material.weights(Split.TRAIN), settings.batch(), settings.seed());
    StandardizedPairs standardized = new StandardizedPairs(train, prompts, responses);
    Batch batch = new Batch(batches.size(), train.encodings().dimension());
    int steps = settings.epochs() * batches.perEpoch();
    Rule best = null;
    double least = Double.POSITIVE_INFINITY;
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
      for (int epoch = 0, done = 0; epoch < settings.epochs(); epoch++) {
        batches.shuffle();
        for (int b = 0; b < batches.perEpoch(); b++, done++) {
          batch.fill(batches, standardized, b);
          double cosine = 0.5 * (1 + Math.cos(Math.PI * done / steps));
          double router = settings.routerRate() * cosine;
          double experts = settings.expertRate() * cosine;
          optimizer.step(
              parameters.tensors(),
              Gradients.of(manager, parameters, batch).tensors(),
              new double[] {router, router, router, router, experts});
        }
        Rule now = rule(name, material, parameters, prompts, responses);
        double loss = Selection.unadaptedLoss(material, now);
        if (best == null || loss < least) {
          least = loss;
          best = now;
        }
      }
    }
    if (best == null) {
      throw new IllegalStateException("no epoch was run");
    }
    return best;
  }

  private static Rule rule(
      String name,
      Material material,
      HeadParameters parameters,
      Standardization prompts,
      Standardization responses) {
    PairScores scores = PairScores.of(parameters.fold(prompts, responses), material.pairs());
    return new TiltedHedge(name, scores.margins(), scores.routing(), 1, 1, true);
  }

  /** {@code float[n*d]}, {@code float[n*d]}, {@code float[n]}: filled anew for each step. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Batch(float[] prompts, float[] differences, float[] weights) {

    Batch(int size, int d) {
      this(new float[size * d], new float[size * d], new float[size]);
    }

    void fill(Batches batches, StandardizedPairs pairs, int index) {
      batches.weights(index, weights);
      int d = prompts.length / weights.length;
      for (int i = 0; i < weights.length; i++) {
        pairs.prompt(batches.pair(index, i), prompts, i * d);
        pairs.difference(batches.pair(index, i), differences, i * d);
      }
    }
  }

  /** The loss of one batch and its gradient by autograd, tensors as {@link HeadParameters} has. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Gradients(double loss, float[][] tensors) {

    static Gradients of(NDManager manager, HeadParameters parameters, Batch batch) {
      long n = batch.weights().length;
      long d = parameters.dimension();
      long h = parameters.hidden();
      long k = parameters.experts();
      long[][] shapes = {{h, d}, {h}, {k, h}, {k}, {k, d}};
      try (GradientTurn _ = GradientTurn.take();
          NDManager own = manager.newSubManager();
          GradientCollector collector = manager.getEngine().newGradientCollector()) {
        NDList tensors = new NDList();
        for (int i = 0; i < shapes.length; i++) {
          NDArray tensor = array(own, parameters.tensors()[i], shapes[i]);
          tensor.setRequiresGradient(true);
          tensors.add(tensor);
        }
        NDArray loss =
            loss(
                tensors,
                array(own, batch.prompts(), n, d),
                array(own, batch.differences(), n, d),
                array(own, batch.weights(), n));
        collector.backward(loss);
        float[][] gradients = new float[shapes.length][];
        for (int i = 0; i < shapes.length; i++) {
          gradients[i] = tensors.get(i).getGradient().toFloatArray();
        }
        return new Gradients(loss.getFloat(), gradients);
      }
    }

    private static NDArray loss(
        NDList tensors, NDArray prompts, NDArray differences, NDArray weights) {
      NDArray hidden = Scalars.relu(prompts.matMul(tensors.get(0).transpose()).add(tensors.get(1)));
      NDArray routing = hidden.matMul(tensors.get(2).transpose()).add(tensors.get(3)).softmax(1);
      NDArray margins = differences.matMul(tensors.get(4).transpose());
      NDArray right = margins.neg().exp().add(1).pow(Scalars.of(margins, -1));
      NDArray probability = routing.mul(right).sum(new int[] {1});
      NDArray likelihood = probability.add(TINY).log().mul(weights).sum();
      NDArray usage = routing.mul(weights.expandDims(1)).sum(new int[] {0});
      NDArray balance = usage.mul(usage.add(TINY).log()).sum();
      return balance.mul(Scalars.of(balance, BALANCE)).sub(likelihood);
    }

    private static NDArray array(NDManager manager, float[] values, long... shape) {
      NDArray array = manager.create(new Shape(shape), DataType.FLOAT32);
      array.set(values);
      return array;
    }
  }
}
