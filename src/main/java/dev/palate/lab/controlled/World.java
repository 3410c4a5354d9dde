package dev.palate.lab.controlled;

import dev.palate.core.model.Prompt;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.Encodings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A made-up world of hidden groups. A prompt's embedding lies around the centre of its group; a
 * response's embedding is standard normal, whatever the prompt. What is better is decided by the
 * direction of the prompt's group, and a share of the labels is wrong.
 *
 * @param centres {@code double[g][d]}
 * @param own {@code double[g][d]}: what each group alone cares for; orthonormal
 * @param common {@code double[d]}: what all groups care for; of length 1, at right angles to the
 *     own
 * @param cosine between the directions of any two groups, in [0, 1)
 * @param spread standard deviation of a prompt's coordinates around its centre; the centres' own
 *     coordinates have 1
 * @param labelNoise share of wrong labels
 */
record World(
    double[][] centres,
    double[][] own,
    double[] common,
    double cosine,
    double spread,
    double labelNoise) {

  static World draw(ControlledSettings settings, double cosine, RandomGenerator random) {
    int groups = settings.groups();
    int d = settings.dimension();
    double[][] basis = orthonormal(groups + 1, d, random);
    return new World(
        gaussian(groups, d, random),
        Arrays.copyOf(basis, groups),
        basis[groups],
        cosine,
        settings.spread(),
        settings.labelNoise());
  }

  /** What decides in a group, {@code double[d]}: a unit vector. */
  double[] direction(int group) {
    double[] direction = new double[common.length];
    addScaled(direction, common, Math.sqrt(cosine));
    addScaled(direction, own[group], Math.sqrt(1 - cosine));
    return direction;
  }

  int groups() {
    return centres.length;
  }

  int dimension() {
    return centres[0].length;
  }

  /** Pairs labelled by nobody in particular: each by the direction of its prompt's group. */
  HiddenPairs pairs(int n, RandomGenerator random) {
    Drawing drawing = new Drawing(n);
    for (int i = 0; i < n; i++) {
      int group = random.nextInt(groups());
      drawing.add(group, direction(group), null, random);
    }
    return drawing.finish();
  }

  /** Pairs labelled by users of mixed taste, so many each, one user after the other. */
  HiddenPairs pairs(List<MixedUser> users, int each, RandomGenerator random) {
    Drawing drawing = new Drawing(users.size() * each);
    for (int u = 0; u < users.size(); u++) {
      for (int i = 0; i < each; i++) {
        int group = random.nextInt(groups());
        drawing.add(group, users.get(u).direction(this, group), "user " + u, random);
      }
    }
    return drawing.finish();
  }

  float[] prompt(int group, RandomGenerator random) {
    float[] prompt = new float[dimension()];
    for (int j = 0; j < prompt.length; j++) {
      prompt[j] = (float) (centres[group][j] + spread * random.nextGaussian());
    }
    return prompt;
  }

  float[] response(RandomGenerator random) {
    float[] response = new float[dimension()];
    for (int j = 0; j < response.length; j++) {
      response[j] = (float) random.nextGaussian();
    }
    return response;
  }

  private final class Drawing {
    private final float[][] rows;
    private final int[][] index;
    private final int[] group;
    private final boolean[] truth;
    private final List<PreferencePair> pairs = new ArrayList<>();

    Drawing(int n) {
      rows = new float[3 * n][];
      index = new int[3][n];
      group = new int[n];
      truth = new boolean[n];
    }

    void add(int ofGroup, double[] direction, @Nullable String user, RandomGenerator random) {
      int i = pairs.size();
      group[i] = ofGroup;
      rows[3 * i] = prompt(ofGroup, random);
      rows[3 * i + 1] = response(random);
      rows[3 * i + 2] = response(random);
      truth[i] = random.nextDouble() >= labelNoise;
      boolean better = dot(direction, rows[3 * i + 1]) > dot(direction, rows[3 * i + 2]);
      boolean first = better == truth[i];
      index[0][i] = 3 * i;
      index[1][i] = 3 * i + (first ? 1 : 2);
      index[2][i] = 3 * i + (first ? 2 : 1);
      pairs.add(
          new PreferencePair(
              "controlled",
              "pair " + i,
              user,
              "group " + ofGroup,
              new Prompt("prompt " + i),
              "response " + index[1][i],
              "response " + index[2][i],
              1,
              null,
              null));
    }

    HiddenPairs finish() {
      return new HiddenPairs(
          new EncodedPairs(Encodings.of(rows), pairs, index[0], index[1], index[2]), group, truth);
    }
  }

  static double dot(double[] a, float[] b) {
    double sum = 0;
    for (int j = 0; j < b.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  /** Random unit vectors at right angles, by Gram and Schmidt. */
  private static double[][] orthonormal(int n, int d, RandomGenerator random) {
    double[][] basis = gaussian(n, d, random);
    for (int i = 0; i < n; i++) {
      for (int earlier = 0; earlier < i; earlier++) {
        addScaled(basis[i], basis[earlier], -dot(basis[i], basis[earlier]));
      }
      double norm = Math.sqrt(dot(basis[i], basis[i]));
      for (int j = 0; j < d; j++) {
        basis[i][j] /= norm;
      }
    }
    return basis;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < b.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  static void addScaled(double[] target, double[] added, double factor) {
    for (int j = 0; j < target.length; j++) {
      target[j] += factor * added[j];
    }
  }

  private static double[][] gaussian(int rows, int columns, RandomGenerator random) {
    double[][] matrix = new double[rows][columns];
    for (double[] row : matrix) {
      for (int j = 0; j < columns; j++) {
        row[j] = random.nextGaussian();
      }
    }
    return matrix;
  }
}
