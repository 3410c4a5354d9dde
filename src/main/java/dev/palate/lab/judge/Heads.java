package dev.palate.lab.judge;

import dev.palate.core.bundle.Head;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.train.Standardization;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Ensembles of linear heads that need no training by gradients. A direction has no preferred side;
 * each is turned to the one that more training pairs take, and scaled so that the margins of
 * training pairs have a mean square of 1.
 */
public final class Heads {

  /**
   * Enough pairs to know a direction's side and scale, and the embeddings' principal directions.
   */
  private static final int SAMPLE = 20_000;

  private Heads() {}

  /** Heads without a router. */
  public static Head only(float[][] heads) {
    int d = heads[0].length;
    return new Head(
        new float[1][d], new float[1], new float[heads.length][1], new float[heads.length], heads);
  }

  /** Gaussian directions over standardized embeddings. */
  public static float[][] random(EncodedPairs train, int count, long seed) {
    EncodedPairs sample = sample(train);
    Standardization responses =
        Standardization.of(sample.encodings(), sample.chosen(), sample.rejected());
    Random random = new Random(seed);
    float[][] heads = new float[count][sample.encodings().dimension()];
    for (float[] head : heads) {
      for (int j = 0; j < head.length; j++) {
        head[j] = (float) (random.nextGaussian() / responses.deviation()[j]);
      }
    }
    return oriented(heads, sample);
  }

  /**
   * The principal directions of the differences of chosen and rejected embeddings (DRM, arXiv
   * 2502.13131), the largest variance first; at most d.
   */
  public static float[][] principal(EncodedPairs train, int count) {
    EncodedPairs sample = sample(train);
    int d = sample.encodings().dimension();
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(d, true, true);
    if (!eigen.decompose(new DMatrixRMaj(covariance(sample)))) {
      throw new ArithmeticException("the embedding differences have no principal directions");
    }
    Integer[] order = new Integer[d];
    for (int j = 0; j < d; j++) {
      order[j] = j;
    }
    java.util.Arrays.sort(
        order, java.util.Comparator.comparingDouble(j -> -eigen.getEigenvalue((int) j).getReal()));
    float[][] heads = new float[Math.min(count, d)][d];
    for (int k = 0; k < heads.length; k++) {
      DMatrixRMaj vector = eigen.getEigenVector(order[k]);
      for (int j = 0; j < d; j++) {
        heads[k][j] = (float) vector.get(j);
      }
    }
    return oriented(heads, sample);
  }

  /**
   * The uncentred second moments: which of two responses was chosen gives a difference its sign.
   */
  private static double[][] covariance(EncodedPairs pairs) {
    int d = pairs.encodings().dimension();
    float[] chosen = new float[d];
    float[] rejected = new float[d];
    double[] difference = new double[d];
    double[][] sums = new double[d][d];
    for (int i = 0; i < pairs.size(); i++) {
      pairs.encodings().copy(pairs.chosen()[i], chosen, 0);
      pairs.encodings().copy(pairs.rejected()[i], rejected, 0);
      for (int a = 0; a < d; a++) {
        difference[a] = chosen[a] - rejected[a];
      }
      for (int a = 0; a < d; a++) {
        double[] row = sums[a];
        double factor = difference[a];
        for (int b = 0; b < d; b++) {
          row[b] += factor * difference[b];
        }
      }
    }
    for (double[] row : sums) {
      for (int b = 0; b < d; b++) {
        row[b] /= pairs.size();
      }
    }
    return sums;
  }

  private static float[][] oriented(float[][] heads, EncodedPairs pairs) {
    float[][] margins = PairScores.of(only(heads), pairs).margins();
    for (int k = 0; k < heads.length; k++) {
      double squares = 0;
      int right = 0;
      for (float[] margin : margins) {
        squares += margin[k] * margin[k];
        right += margin[k] > 0 ? 1 : -1;
      }
      float factor = (float) ((right < 0 ? -1 : 1) / Math.sqrt(squares / margins.length + 1e-12));
      for (int j = 0; j < heads[k].length; j++) {
        heads[k][j] *= factor;
      }
    }
    return heads;
  }

  /** Evenly spread over the data, all where there are few. */
  private static EncodedPairs sample(EncodedPairs pairs) {
    int n = Math.min(SAMPLE, pairs.size());
    int[] spread = new int[n];
    for (int i = 0; i < n; i++) {
      spread[i] = (int) ((long) i * pairs.size() / n);
    }
    return pairs.at(spread);
  }
}
