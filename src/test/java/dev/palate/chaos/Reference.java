package dev.palate.chaos;

import dev.palate.chaos.Stored.Weights;
import dev.palate.core.bundle.Bundle;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.MixtureSolvers;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.ScaleGrid;
import dev.palate.core.taste.UserPosterior;
import java.util.List;

/** The weights that labels must lead to: solved at once, on one thread, by nobody's job. */
final class Reference {

  private final MixtureSolvers solvers;

  Reference(Bundle bundle) {
    this.solvers =
        new MixtureSolvers(
            new Prior(bundle.prior().mean(), bundle.prior().covariance(), bundle.prior().leeway()),
            new Likelihood(
                bundle.scale(), bundle.labelNoise(), bundle.topM(), bundle.sharedCount()),
            new ScaleGrid(bundle.prior().scales(), bundle.prior().masses()),
            1);
  }

  Weights weights(List<LabelMargin> labels) {
    UserPosterior taste = solvers.solve(labels);
    return new Weights(narrow(taste.shift()), narrow(taste.uncertainty()), taste.significant());
  }

  private static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int k = 0; k < values.length; k++) {
      narrow[k] = (float) values[k];
    }
    return narrow;
  }
}
