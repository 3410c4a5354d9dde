package dev.palate.lab.controlled;

import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.TasteSolver;
import dev.palate.lab.encode.EncodedPairs;
import java.util.ArrayList;
import java.util.List;

/**
 * The Bradley-Terry reward without experts: one direction for everyone. Ridge logistic regression
 * is what {@link TasteSolver} solves exactly, if each coordinate of the embedding is taken for an
 * expert and the prior's mean takes the routing back.
 *
 * @param direction {@code double[d]}
 */
record SingleHead(double[] direction) {

  static SingleHead fit(EncodedPairs pairs) {
    int d = pairs.encodings().dimension();
    float[] routing = new float[d];
    routing[0] = 1;
    Prior unit = Prior.isotropic(d, 1);
    double[] mean = new double[d];
    mean[0] = -1;
    List<LabelMargin> labels = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      labels.add(new LabelMargin(difference(pairs, i), routing, 1));
    }
    double[] direction =
        new TasteSolver(new Prior(mean, unit.covariance()), new Likelihood(1, 0, 1))
            .solve(labels)
            .shift();
    direction[0] += 1;
    return new SingleHead(direction);
  }

  double[] margins(EncodedPairs pairs) {
    double[] margins = new double[pairs.size()];
    for (int i = 0; i < margins.length; i++) {
      margins[i] = World.dot(direction, difference(pairs, i));
    }
    return margins;
  }

  /** phi(x, y+) - phi(x, y-), {@code float[d]}. */
  private static float[] difference(EncodedPairs pairs, int i) {
    int d = pairs.encodings().dimension();
    float[] difference = new float[d];
    float[] rejected = new float[d];
    pairs.encodings().copy(pairs.chosen()[i], difference, 0);
    pairs.encodings().copy(pairs.rejected()[i], rejected, 0);
    for (int j = 0; j < d; j++) {
      difference[j] -= rejected[j];
    }
    return difference;
  }
}
