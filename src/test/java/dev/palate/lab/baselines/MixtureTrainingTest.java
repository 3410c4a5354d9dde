package dev.palate.lab.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import dev.palate.lab.train.HeadParameters;
import dev.palate.tier.NeedsEngine;
import java.util.Random;
import org.junit.jupiter.api.Test;

@NeedsEngine
class MixtureTrainingTest {

  private static final int N = 6;
  private static final int D = 5;
  private static final int H = 4;
  private static final int K = 3;

  @Test
  void autogradAgreesWithFiniteDifferencesOfThePlainFormula() {
    HeadParameters parameters = HeadParameters.random(D, H, 0, 0, K, 3);
    for (int j = 0; j < parameters.tensors()[4].length; j++) {
      parameters.tensors()[4][j] *= 10;
    }
    MixtureTraining.Batch batch = batch();
    MixtureTraining.Gradients gradients;
    try (var manager = Engine.getEngine("PyTorch").newBaseManager()) {
      gradients = MixtureTraining.Gradients.of(manager, parameters, batch);
    }
    double[][] point = doubles(parameters.tensors());
    assertThat(gradients.loss()).isCloseTo(loss(point, batch), within(1e-5));
    for (int t = 0; t < point.length; t++) {
      for (int j = 0; j < point[t].length; j++) {
        double at = point[t][j];
        point[t][j] = at + 1e-5;
        double up = loss(point, batch);
        point[t][j] = at - 1e-5;
        double down = loss(point, batch);
        point[t][j] = at;
        assertThat((double) gradients.tensors()[t][j])
            .as("tensor %d, number %d", t, j)
            .isCloseTo((up - down) / 2e-5, within(1e-4));
      }
    }
  }

  private static MixtureTraining.Batch batch() {
    Random random = new Random(5);
    MixtureTraining.Batch batch = new MixtureTraining.Batch(N, D);
    float[] weights = {0.1f, 0.2f, 0.3f, 0.1f, 0.1f, 0.2f};
    System.arraycopy(weights, 0, batch.weights(), 0, N);
    for (int i = 0; i < N * D; i++) {
      batch.prompts()[i] = (float) random.nextGaussian();
      batch.differences()[i] = (float) random.nextGaussian();
    }
    return batch;
  }

  /** - sum_i omega_i log sum_k w_ik sigmoid(D_ik) + 0.5 sum_k f_k log f_k, written out. */
  private static double loss(double[][] p, MixtureTraining.Batch batch) {
    double loss = 0;
    double[] usage = new double[K];
    for (int i = 0; i < N; i++) {
      double[] routing = new double[K];
      for (int k = 0; k < K; k++) {
        routing[k] = p[3][k];
        for (int h = 0; h < H; h++) {
          double hidden = p[1][h];
          for (int j = 0; j < D; j++) {
            hidden += p[0][h * D + j] * batch.prompts()[i * D + j];
          }
          routing[k] += p[2][k * H + h] * Math.max(0, hidden);
        }
      }
      Reweighting.softmax(routing);
      double probability = 0;
      for (int k = 0; k < K; k++) {
        double margin = 0;
        for (int j = 0; j < D; j++) {
          margin += p[4][k * D + j] * batch.differences()[i * D + j];
        }
        probability += routing[k] / (1 + Math.exp(-margin));
        usage[k] += batch.weights()[i] * routing[k];
      }
      loss -= batch.weights()[i] * Math.log(probability);
    }
    for (double f : usage) {
      loss += 0.5 * f * Math.log(f);
    }
    return loss;
  }

  private static double[][] doubles(float[][] tensors) {
    double[][] doubles = new double[tensors.length][];
    for (int t = 0; t < tensors.length; t++) {
      doubles[t] = new double[tensors[t].length];
      for (int j = 0; j < doubles[t].length; j++) {
        doubles[t][j] = tensors[t][j];
      }
    }
    return doubles;
  }
}
