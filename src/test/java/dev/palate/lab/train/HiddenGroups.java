package dev.palate.lab.train;

import dev.palate.core.model.Prompt;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.Encodings;
import dev.palate.lab.encode.PairScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Pairs whose truth is known: a prompt belongs to one of several groups, and each group judges
 * responses by a direction of its own. A tenth of the labels are wrong, so 0.9 is the ceiling.
 */
record HiddenGroups(EncodedPairs pairs, int[] group) {

  static HiddenGroups draw(int groups, int n, int dimension, long seed) {
    // One random source draws the world, another the pairs: every seed speaks of the same world
    Random world = new Random(7);
    double[][] centres = gaussian(world, groups, dimension);
    double[][] directions = gaussian(world, groups, dimension);
    Random random = new Random(seed);
    float[][] rows = new float[3 * n][dimension];
    int[][] index = new int[3][n];
    int[] group = new int[n];
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      group[i] = random.nextInt(groups);
      double margin = 0;
      for (int j = 0; j < dimension; j++) {
        rows[3 * i][j] = (float) (centres[group[i]][j] + 0.7 * random.nextGaussian());
        rows[3 * i + 1][j] = (float) random.nextGaussian();
        rows[3 * i + 2][j] = (float) random.nextGaussian();
        margin += directions[group[i]][j] * (rows[3 * i + 1][j] - rows[3 * i + 2][j]);
      }
      boolean first = margin > 0 ^ random.nextDouble() < 0.1;
      index[0][i] = 3 * i;
      index[1][i] = 3 * i + (first ? 1 : 2);
      index[2][i] = 3 * i + (first ? 2 : 1);
      pairs.add(
          new PreferencePair(
              "made",
              "p" + i,
              "u" + i % 40,
              "group " + group[i],
              new Prompt("prompt " + i),
              "response " + index[1][i],
              "response " + index[2][i],
              1,
              null,
              null));
    }
    return new HiddenGroups(
        new EncodedPairs(Encodings.of(rows), pairs, index[0], index[1], index[2]), group);
  }

  /** One group, whose users judge by a common direction and by another, half of them against it. */
  static HiddenGroups drawTastes(int n, int dimension, long seed) {
    double[][] directions = gaussian(new Random(7), 2, dimension);
    HiddenGroups drawn = draw(1, n, dimension, seed);
    Encodings rows = drawn.pairs().encodings();
    float[] first = new float[dimension];
    float[] second = new float[dimension];
    for (int i = 0; i < n; i++) {
      rows.copy(drawn.pairs().chosen()[i], first, 0);
      rows.copy(drawn.pairs().rejected()[i], second, 0);
      int side = i % 2 == 0 ? 1 : -1; // users are numbered modulo an even number
      double margin = 0;
      for (int j = 0; j < dimension; j++) {
        margin += (directions[0][j] + side * directions[1][j]) * (first[j] - second[j]);
      }
      if (margin < 0) {
        int swapped = drawn.pairs().chosen()[i];
        drawn.pairs().chosen()[i] = drawn.pairs().rejected()[i];
        drawn.pairs().rejected()[i] = swapped;
      }
    }
    return drawn;
  }

  private static double[][] gaussian(Random random, int rows, int columns) {
    double[][] matrix = new double[rows][columns];
    for (double[] row : matrix) {
      for (int j = 0; j < columns; j++) {
        row[j] = random.nextGaussian();
      }
    }
    return matrix;
  }

  /** Normalized mutual information between the group and the router's first choice. */
  double recovery(PairScores scores) {
    int n = group.length;
    int groups = 1 + java.util.Arrays.stream(group).max().orElseThrow();
    int k = scores.routing()[0].length;
    double[][] joint = new double[groups][k];
    for (int i = 0; i < n; i++) {
      joint[group[i]][first(scores.routing()[i])] += 1.0 / n;
    }
    double[] rows = new double[groups];
    double[] columns = new double[k];
    for (int g = 0; g < groups; g++) {
      for (int e = 0; e < k; e++) {
        rows[g] += joint[g][e];
        columns[e] += joint[g][e];
      }
    }
    double shared = 0;
    for (int g = 0; g < groups; g++) {
      for (int e = 0; e < k; e++) {
        if (joint[g][e] > 0) {
          shared += joint[g][e] * Math.log(joint[g][e] / rows[g] / columns[e]);
        }
      }
    }
    return 2 * shared / (entropy(rows) + entropy(columns));
  }

  private static int first(float[] routing) {
    int best = 0;
    for (int i = 1; i < routing.length; i++) {
      best = routing[i] > routing[best] ? i : best;
    }
    return best;
  }

  private static double entropy(double[] p) {
    double sum = 0;
    for (double x : p) {
      sum -= x > 0 ? x * Math.log(x) : 0;
    }
    return sum;
  }
}
