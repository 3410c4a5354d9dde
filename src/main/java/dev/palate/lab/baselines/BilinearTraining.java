package dev.palate.lab.baselines;

import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.judge.Heads;
import dev.palate.lab.judge.LinearRule;
import dev.palate.lab.judge.Material;
import dev.palate.lab.train.AdamW;
import dev.palate.lab.train.Batches;
import dev.palate.lab.train.Calibration;
import dev.palate.lab.train.Standardization;
import dev.palate.lab.train.StandardizedPairs;
import dev.palate.lab.train.TrainingSettings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Trains {@code D = sum_k c_uk v_k . (phi(x, y+) - phi(x, y-))} by Bradley-Terry: a basis of heads
 * that all users share and each user's own coefficients. Gradients in closed form, the optimizer,
 * epochs, batches and pair weights of the trainer of bundles; of a single head the epoch that is
 * best on validation is kept, of a basis the last.
 */
final class BilinearTraining {

  /** How a user's coefficients come of the user's parameters a_u. */
  enum Coefficients {
    /** c = 1: a basis of one head that all users share. */
    NONE(0, 0),
    /** c = softmax(a): LoRe (arXiv 2504.14439). */
    SIMPLEX(1e-2, 0),
    /** c = a, drawn to 1/K: Reward Features (arXiv 2503.17338). */
    SIGNED(5e-3, 0.1);

    private final double rate;
    private final double ridge;

    Coefficients(double rate, double ridge) {
      this.rate = rate;
      this.ridge = ridge;
    }
  }

  private final Coefficients kind;
  private final int k;
  private final TrainingSettings settings;

  /**
   * @param heads V over raw embeddings, {@code float[k][d]}
   * @param mean the mean user's parameters, {@code double[k]}
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Basis(float[][] heads, double[] mean) {}

  BilinearTraining(Coefficients kind, int k, TrainingSettings settings) {
    this.kind = kind;
    this.k = k;
    this.settings = settings;
  }

  Basis fit(Material material) {
    EncodedPairs train = material.encoded(Split.TRAIN);
    Standardization responses =
        Standardization.of(train.encodings(), train.chosen(), train.rejected());
    int[] users = users(train.pairs());
    int d = train.encodings().dimension();
    Random random = new Random(settings.seed());
    float[] heads = normal(random, k * d, 0, 0.5 / d);
    float[] parameters =
        normal(random, k * (1 + Arrays.stream(users).max().orElse(0)), start(), start() / 2 + 0.01);
    float[][] tensors = {heads, parameters};
    AdamW optimizer = new AdamW(tensors, new double[] {0, 0});
    double[] weights = material.weights(Split.TRAIN);
    Batches batches = new Batches(weights, settings.batch(), settings.seed());
    Step step =
        new Step(new StandardizedPairs(train, responses, responses), batches.size(), d, users);
    int steps = settings.epochs() * batches.perEpoch();
    Basis best = new Basis(raw(heads, responses), new double[k]);
    double least = Double.POSITIVE_INFINITY;
    for (int epoch = 0, done = 0; epoch < settings.epochs(); epoch++) {
      batches.shuffle();
      for (int b = 0; b < batches.perEpoch(); b++, done++) {
        step.gradients(batches, b, tensors);
        double cosine = 0.5 * (1 + Math.cos(Math.PI * done / steps));
        optimizer.step(
            tensors,
            step.gradients,
            new double[] {settings.expertRate() * cosine, kind.rate * cosine});
      }
      Basis now = new Basis(raw(heads, responses), mean(parameters, users, weights));
      // What suits users who show nothing soon stops getting better, what they differ in does not
      double loss = kind == Coefficients.NONE ? validationLoss(material, now) : -epoch;
      if (loss < least) {
        least = loss;
        best = now;
      }
    }
    return best;
  }

  private double start() {
    return kind == Coefficients.SIGNED ? 1.0 / k : 0;
  }

  /** c of a_u. */
  double[] coefficients(double[] parameters) {
    double[] coefficients = parameters.clone();
    switch (kind) {
      case NONE -> Arrays.fill(coefficients, 1);
      case SIMPLEX -> Reweighting.softmax(coefficients);
      case SIGNED -> {}
    }
    return coefficients;
  }

  private double validationLoss(Material material, Basis basis) {
    EncodedPairs validation = material.encoded(Split.VALIDATION);
    double[] coefficients = coefficients(basis.mean());
    float[][] margins = PairScores.of(Heads.only(basis.heads()), validation).margins();
    double[] mixed = new double[margins.length];
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] = LinearRule.dot(coefficients, margins[i]);
    }
    return Calibration.fit(mixed, material.weights(Split.VALIDATION)).logLoss();
  }

  /** Users numbered from 1; 0 stands for all pairs without one. */
  private static int[] users(List<PreferencePair> pairs) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] users = new int[pairs.size()];
    for (int i = 0; i < users.length; i++) {
      String user = pairs.get(i).userKey();
      users[i] = user == null ? 0 : numbers.computeIfAbsent(user, key -> numbers.size() + 1);
    }
    return users;
  }

  private double[] mean(float[] parameters, int[] users, double[] weights) {
    double[] mean = new double[k];
    double total = 0;
    for (int i = 0; i < users.length; i++) {
      total += weights[i];
      for (int j = 0; j < k; j++) {
        mean[j] += weights[i] * parameters[users[i] * k + j];
      }
    }
    for (int j = 0; j < k; j++) {
      mean[j] /= total;
    }
    return mean;
  }

  private float[][] raw(float[] heads, Standardization responses) {
    int d = heads.length / k;
    float[][] raw = new float[k][d];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < d; j++) {
        raw[i][j] = heads[i * d + j] / responses.deviation()[j];
      }
    }
    return raw;
  }

  private static float[] normal(Random random, int n, double mean, double deviation) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (mean + random.nextGaussian() * deviation);
    }
    return values;
  }

  /** One batch's loss and gradients; arrays are kept from step to step. */
  final class Step {

    private final StandardizedPairs pairs;
    private final int d;
    private final int[] users;
    private final float[] weights;
    private final float[] difference;
    private final double[] scores;
    private final double[] slopes;
    private float[][] gradients = {};

    Step(StandardizedPairs pairs, int size, int d, int[] users) {
      this.pairs = pairs;
      this.d = d;
      this.users = users;
      this.weights = new float[size];
      this.difference = new float[d];
      this.scores = new double[k];
      this.slopes = new double[k];
    }

    /**
     * Sets {@code gradients}.
     *
     * @param tensors V {@code [k*d]} and all users' parameters {@code [users*k]}
     * @return {@code sum_i omega_i (log(1 + exp(-D_i)) + ridge/2 |a_u - 1/K|^2) + l2/2 |V|^2}
     */
    double gradients(Batches batches, int batch, float[][] tensors) {
      start(tensors);
      batches.weights(batch, weights);
      double loss = 0;
      for (int j = 0; j < tensors[0].length; j++) {
        gradients[0][j] = (float) (settings.l2() * tensors[0][j]);
        loss += settings.l2() / 2 * tensors[0][j] * tensors[0][j];
      }
      for (int place = 0; place < weights.length; place++) {
        int pair = batches.pair(batch, place);
        pairs.difference(pair, difference, 0);
        loss += pair(users[pair], weights[place], tensors);
      }
      return loss;
    }

    float[][] gradients() {
      return gradients;
    }

    private void start(float[][] tensors) {
      if (gradients.length == 0) {
        gradients = new float[][] {new float[tensors[0].length], new float[tensors[1].length]};
      }
      Arrays.fill(gradients[1], 0);
    }

    private double pair(int user, double weight, float[][] tensors) {
      double[] parameters = new double[k];
      for (int j = 0; j < k; j++) {
        parameters[j] = tensors[1][user * k + j];
        scores[j] = dot(tensors[0], j * d);
      }
      double[] coefficients = coefficients(parameters);
      double margin = 0;
      for (int j = 0; j < k; j++) {
        margin += coefficients[j] * scores[j];
      }
      double slope = -weight * Reweighting.sigmoid(-margin);
      for (int j = 0; j < k; j++) {
        float factor = (float) (slope * coefficients[j]);
        for (int at = 0; at < d; at++) {
          gradients[0][j * d + at] += factor * difference[at];
        }
        slopes[j] = slope * scores[j];
      }
      double penalty = parameterSlopes(parameters, coefficients, margin * slope, weight);
      for (int j = 0; j < k; j++) {
        gradients[1][user * k + j] += (float) slopes[j];
      }
      return weight * Reweighting.softplus(-margin) + penalty;
    }

    /** Turns the slopes by the coefficients into those by the parameters; returns the penalty. */
    private double parameterSlopes(
        double[] parameters, double[] coefficients, double mean, double weight) {
      double penalty = 0;
      for (int j = 0; j < k; j++) {
        switch (kind) {
          case NONE -> slopes[j] = 0;
          case SIMPLEX -> slopes[j] = coefficients[j] * (slopes[j] - mean);
          case SIGNED -> {
            double away = parameters[j] - 1.0 / k;
            slopes[j] += weight * kind.ridge * away;
            penalty += weight * kind.ridge / 2 * away * away;
          }
        }
      }
      return penalty;
    }

    private double dot(float[] heads, int offset) {
      float a = 0;
      float b = 0;
      int at = 0;
      for (; at + 1 < d; at += 2) {
        a += heads[offset + at] * difference[at];
        b += heads[offset + at + 1] * difference[at + 1];
      }
      return a + b + (at < d ? heads[offset + at] * difference[at] : 0);
    }
  }
}
