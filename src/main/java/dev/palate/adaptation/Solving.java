package dev.palate.adaptation;

import dev.palate.reward.Bundle;
import dev.palate.taste.LabelMargin;
import dev.palate.taste.Likelihood;
import dev.palate.taste.Prior;
import dev.palate.taste.Taste;
import dev.palate.taste.TasteSolver;
import dev.palate.user.SolvedWeights;
import java.util.List;

/** A bundle's numbers, put into the solver's terms. */
final class Solving {

  private Solving() {}

  static Taste solve(Bundle bundle, List<LabelMargin> labels) {
    return TasteSolver.solve(
        new Prior(bundle.prior().mean(), bundle.prior().covariance(), bundle.prior().leeway()),
        new Likelihood(bundle.scale(), bundle.labelNoise(), bundle.topM()),
        labels);
  }

  static SolvedWeights weights(Bundle bundle, List<LabelMargin> labels) {
    Taste taste = solve(bundle, labels);
    return new SolvedWeights(
        bundle.version(),
        narrow(taste.shift()),
        narrow(taste.uncertainty()),
        taste.significant(),
        taste.agreement(),
        labels.size());
  }

  private static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int k = 0; k < values.length; k++) {
      narrow[k] = (float) values[k];
    }
    return narrow;
  }
}
