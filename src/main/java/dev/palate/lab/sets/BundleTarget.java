package dev.palate.lab.sets;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.UserPrior;
import dev.palate.core.model.RewardModel;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.core.runtime.RewardModels;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.MixtureSolver;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.ScaleGrid;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A bundle, loaded by this process. A pair is scored once, whoever asks about it; users are solved
 * by the core, as the service solves them.
 */
final class BundleTarget implements ScoringTarget {

  private final String name;
  private final String version;
  private final Prior prior;
  private final Likelihood likelihood;
  private final MarginSource source;
  private final MixtureSolver solver;
  private final Map<String, LabelMargin> known = new HashMap<>();

  BundleTarget(
      String name,
      String version,
      Prior prior,
      ScaleGrid grid,
      Likelihood likelihood,
      MarginSource source) {
    this.name = name;
    this.version = version;
    this.prior = prior;
    this.likelihood = likelihood;
    this.source = source;
    this.solver = new MixtureSolver(prior, likelihood, grid);
  }

  /**
   * @throws dev.palate.core.bundle.BundleException where the bundle cannot be used
   */
  static BundleTarget open(Path directory, ModelSettings settings) {
    RewardModel model = RewardModels.load(directory, settings);
    Bundle bundle = model.bundle();
    UserPrior prior = bundle.prior();
    return new BundleTarget(
        bundle.name(),
        bundle.version(),
        new Prior(prior.mean(), prior.covariance(), prior.leeway()),
        new ScaleGrid(prior.scales(), prior.masses()),
        new Likelihood(bundle.scale(), bundle.labelNoise(), bundle.topM(), bundle.sharedCount()),
        new ModelMargins(model));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public int expertCount() {
    return prior.expertCount();
  }

  @Override
  public double[] margins(List<TextPair> pairs) {
    return margins(pairs, new double[expertCount()]);
  }

  @Override
  public SimulatedUser newUser() {
    return new User();
  }

  @Override
  public void close() {
    source.close();
  }

  private double[] margins(List<TextPair> pairs, double[] shift) {
    score(pairs);
    return pairs.stream()
        .mapToDouble(pair -> known(pair).margin(shift, prior.leeway(), likelihood))
        .toArray();
  }

  private void score(List<TextPair> pairs) {
    List<TextPair> unknown = pairs.stream().filter(pair -> !known.containsKey(pair.id())).toList();
    if (!unknown.isEmpty()) {
      List<LabelMargin> scored = source.of(unknown);
      for (int i = 0; i < unknown.size(); i++) {
        known.put(unknown.get(i).id(), scored.get(i));
      }
    }
  }

  private LabelMargin known(TextPair pair) {
    return Objects.requireNonNull(known.get(pair.id()), pair.id());
  }

  private LabelMargin margin(SimulatedUser.Label label) {
    LabelMargin margin = known(label.pair());
    if (label.firstPreferred()) {
      return margin;
    }
    float[] reversed = margin.margins().clone();
    for (int k = 0; k < reversed.length; k++) {
      reversed[k] = -reversed[k];
    }
    return new LabelMargin(reversed, margin.routing(), margin.strength());
  }

  private final class User implements SimulatedUser {

    private final List<LabelMargin> labels = new ArrayList<>();
    private double @Nullable [] shift;

    @Override
    public void learn(List<Label> more) {
      score(more.stream().map(Label::pair).toList());
      more.stream().map(BundleTarget.this::margin).forEach(labels::add);
      shift = null;
    }

    @Override
    public double[] margins(List<TextPair> pairs) {
      double[] solved = shift == null ? solver.solve(labels).shift() : shift;
      shift = solved;
      return BundleTarget.this.margins(pairs, solved);
    }

    @Override
    public int significantExperts() {
      int significant = 0;
      for (boolean expert : solver.solve(labels).significant()) {
        significant += expert ? 1 : 0;
      }
      return significant;
    }

    @Override
    public void close() {}
  }
}
