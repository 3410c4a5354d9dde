package dev.palate.lab.cards;

import dev.palate.core.bundle.ExpertCard.Fidelity;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.train.Standardization;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a person who reads an expert's card and then says which response of a new pair the
 * expert prefers (MODEL.md, Diagnostics 4). All that this reader knows of an expert is the mean
 * difference phi(y+) - phi(y-) of the card's examples, each coordinate by its deviation; it picks
 * the response on that side.
 */
final class CardReader {

  private static final int LEAST_PAIRS = 20;

  /** Of the normal distribution, for an interval of 95 %. */
  private static final double Z = 1.96;

  private final float[] deviation;
  private final float[][] centroids;
  private final List<Set<String>> shown;

  /**
   * @param deviation of each coordinate, {@code float[d]}
   * @param centroids {@code float[k][d]}: each card's mean difference
   * @param shown each card's texts
   */
  private CardReader(float[] deviation, float[][] centroids, List<Set<String>> shown) {
    this.deviation = deviation;
    this.centroids = centroids;
    this.shown = shown;
  }

  /**
   * @param pairs what the examples are taken from
   * @param examples of each expert, indices of pairs; an expert may have none
   */
  static CardReader of(EncodedPairs pairs, List<int[]> examples) {
    float[] deviation =
        Standardization.of(pairs.encodings(), pairs.chosen(), pairs.rejected()).deviation();
    float[][] centroids = new float[examples.size()][pairs.encodings().dimension()];
    List<Set<String>> shown = new ArrayList<>();
    for (int k = 0; k < centroids.length; k++) {
      Set<String> texts = new HashSet<>();
      shown.add(texts);
      for (int i : examples.get(k)) {
        texts.add(pairs.pairs().get(i).chosen());
        texts.add(pairs.pairs().get(i).rejected());
        float[] difference = difference(pairs, i, deviation);
        for (int j = 0; j < difference.length; j++) {
          centroids[k][j] += difference[j] / examples.get(k).length;
        }
      }
    }
    return new CardReader(deviation, centroids, shown);
  }

  /**
   * Asks the reader about pairs that have none of the texts {@link #shown}.
   *
   * @param sharp indices of pairs in which the expert speaks loudest
   * @param margins of the pairs, {@code float[n][k]}; their sign is the expert's answer
   * @return null if there are too few pairs to say anything
   */
  @Nullable Fidelity ask(int expert, EncodedPairs pairs, int[] sharp, float[][] margins) {
    int n = 0;
    int agreeing = 0;
    int recognized = 0;
    for (int i : sharp) {
      double margin = margins[i][expert];
      if (margin == 0) {
        continue;
      }
      n++;
      float[] preferred = difference(pairs, i, deviation);
      if (margin < 0) {
        for (int j = 0; j < preferred.length; j++) {
          preferred[j] = -preferred[j];
        }
      }
      agreeing += dot(centroids[expert], preferred) > 0 ? 1 : 0;
      recognized += closest(preferred) == expert ? 1 : 0;
    }
    if (n < LEAST_PAIRS) {
      return null;
    }
    double[] interval = wilson(agreeing, n);
    return new Fidelity(
        (double) agreeing / n, interval[0], interval[1], (double) recognized / n, n);
  }

  /** The texts of an expert's examples: what the reader has seen is no question. */
  Set<String> shown(int expert) {
    return shown.get(expert);
  }

  /** The expert whose centroid has the largest cosine with a difference. */
  private int closest(float[] difference) {
    int best = -1;
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < centroids.length; k++) {
      double norm = Math.sqrt(dot(centroids[k], centroids[k]));
      double cosine = norm > 0 ? dot(centroids[k], difference) / norm : Double.NEGATIVE_INFINITY;
      if (cosine > largest) {
        largest = cosine;
        best = k;
      }
    }
    return best;
  }

  private static float[] difference(EncodedPairs pairs, int i, float[] deviation) {
    int d = pairs.encodings().dimension();
    float[] chosen = new float[d];
    float[] rejected = new float[d];
    pairs.encodings().copy(pairs.chosen()[i], chosen, 0);
    pairs.encodings().copy(pairs.rejected()[i], rejected, 0);
    for (int j = 0; j < d; j++) {
      chosen[j] = (chosen[j] - rejected[j]) / deviation[j];
    }
    return chosen;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += (double) a[j] * b[j];
    }
    return sum;
  }

  /** Wilson's interval of a share. */
  static double[] wilson(int hits, int n) {
    double p = (double) hits / n;
    double centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n);
    double half = Z * Math.sqrt(p * (1 - p) / n + Z * Z / (4.0 * n * n)) / (1 + Z * Z / n);
    return new double[] {Math.max(0, centre - half), Math.min(1, centre + half)};
  }
}
