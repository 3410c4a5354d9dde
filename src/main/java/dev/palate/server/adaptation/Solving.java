package dev.palate.server.adaptation;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.NextComparisons;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.Taste;
import dev.palate.core.taste.TasteSolver;
import dev.palate.core.taste.TasteSolvers;
import dev.palate.server.store.SolvedWeights;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * A bundle's numbers, put into the solver's terms. The solvers of the bundle asked for last are
 * kept: what depends on the bundle alone is computed once, not for each user.
 */
@Component
public class Solving {

  private record Prepared(Bundle bundle, TasteSolvers solvers) {}

  private final AtomicReference<@Nullable Prepared> latest = new AtomicReference<>();

  public Taste solve(Bundle bundle, List<LabelMargin> labels) {
    return solvers(bundle).solve(labels);
  }

  public TasteSolver.Influence influence(Bundle bundle, List<LabelMargin> labels) {
    return solvers(bundle).influence(labels);
  }

  public SolvedWeights weights(Bundle bundle, List<LabelMargin> labels) {
    Taste taste = solve(bundle, labels);
    return new SolvedWeights(
        bundle.version(),
        narrow(taste.shift()),
        narrow(taste.uncertainty()),
        taste.significant(),
        taste.agreement(),
        labels.size());
  }

  /** Which of the pairs a user of these labels should be asked about, the most telling first. */
  public List<NextComparisons.Choice> choose(
      Bundle bundle, List<LabelMargin> labels, List<LabelMargin> pairs, int limit) {
    return NextComparisons.choose(
        solvers(bundle).posterior(labels),
        bundle.prior().leeway(),
        likelihood(bundle),
        pairs,
        limit);
  }

  private TasteSolvers solvers(Bundle bundle) {
    Prepared prepared = latest.get();
    if (prepared == null || prepared.bundle != bundle) {
      // Two threads may both prepare; either's solvers give the same weights
      prepared = new Prepared(bundle, prepare(bundle));
      latest.set(prepared);
    }
    return prepared.solvers;
  }

  private static TasteSolvers prepare(Bundle bundle) {
    return new TasteSolvers(
        new Prior(bundle.prior().mean(), bundle.prior().covariance(), bundle.prior().leeway()),
        likelihood(bundle),
        Runtime.getRuntime().availableProcessors());
  }

  private static Likelihood likelihood(Bundle bundle) {
    return new Likelihood(bundle.scale(), bundle.labelNoise(), bundle.topM());
  }

  private static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int k = 0; k < values.length; k++) {
      narrow[k] = (float) values[k];
    }
    return narrow;
  }
}
