package dev.palate.server.adaptation;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.MixturePosterior;
import dev.palate.core.taste.MixtureSolvers;
import dev.palate.core.taste.NextComparisons;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.ScaleGrid;
import dev.palate.core.taste.TasteSolver;
import dev.palate.core.taste.UserPosterior;
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

  private record Prepared(Bundle bundle, MixtureSolvers solvers) {}

  private final AtomicReference<@Nullable Prepared> latest = new AtomicReference<>();

  public UserPosterior solve(Bundle bundle, List<LabelMargin> labels) {
    return solvers(bundle).solve(labels);
  }

  /** What each label does to the shift: the shift less that without the label. */
  public TasteSolver.Influence influence(Bundle bundle, List<LabelMargin> labels) {
    return solvers(bundle).influence(labels);
  }

  public SolvedWeights weights(Bundle bundle, List<LabelMargin> labels) {
    UserPosterior taste = solve(bundle, labels);
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
    MixturePosterior posterior = solvers(bundle).posterior(labels);
    return NextComparisons.choose(
        new TasteSolver.Posterior(posterior.mean(), posterior.covariance(), Double.NaN),
        bundle.prior().leeway(),
        likelihood(bundle),
        pairs,
        limit);
  }

  private MixtureSolvers solvers(Bundle bundle) {
    Prepared prepared = latest.get();
    if (prepared == null || prepared.bundle != bundle) {
      // Two threads may both prepare; either's solvers give the same weights
      prepared = new Prepared(bundle, prepare(bundle));
      latest.set(prepared);
    }
    return prepared.solvers;
  }

  private static MixtureSolvers prepare(Bundle bundle) {
    return new MixtureSolvers(
        prior(bundle),
        likelihood(bundle),
        new ScaleGrid(bundle.prior().scales(), bundle.prior().masses()),
        Runtime.getRuntime().availableProcessors());
  }

  private static Prior prior(Bundle bundle) {
    return new Prior(bundle.prior().mean(), bundle.prior().covariance(), bundle.prior().leeway());
  }

  private static Likelihood likelihood(Bundle bundle) {
    return new Likelihood(bundle.scale(), bundle.labelNoise(), bundle.topM(), bundle.sharedCount());
  }

  private static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int k = 0; k < values.length; k++) {
      narrow[k] = (float) values[k];
    }
    return narrow;
  }
}
