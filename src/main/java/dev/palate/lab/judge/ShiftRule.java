package dev.palate.lab.judge;

import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.MixtureSolver;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.RoutingWeights;
import dev.palate.core.taste.ScaleGrid;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.encode.PairScores;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Our own rule, as it serves: the router's top m weights, and the user's solved shift. */
public final class ShiftRule implements Rule {

  public static final String NAME = "Palate";

  private final List<PreferencePair> pairs;
  private final PairScores scores;
  private final Prior prior;
  private final ScaleGrid grid;
  private final Likelihood likelihood;
  private final double[] base;

  ShiftRule(
      List<PreferencePair> pairs,
      PairScores scores,
      Prior prior,
      ScaleGrid grid,
      Likelihood likelihood) {
    this.pairs = pairs;
    this.scores = scores;
    this.prior = prior;
    this.grid = grid;
    this.likelihood = likelihood;
    this.base = scores.margins(likelihood.topM());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean adapts() {
    return true;
  }

  /** The router alone, without the prior's mean. */
  @Override
  public double unadapted(int pair) {
    return base[pair];
  }

  @Override
  public Adapted adapt(int[] shown) {
    return at(new MixtureSolver(prior, likelihood, grid).solve(labels(shown)).shift());
  }

  /** The rule of a user whose shift is known. */
  public Adapted at(double[] shift) {
    return pair ->
        base[pair]
            + RoutingWeights.leewayAt(scores.routing()[pair], prior.leeway())
                * LinearRule.dot(shift, scores.margins()[pair]);
  }

  /** Pairs of one choice share the strength of one label. */
  public List<LabelMargin> labels(int[] shown) {
    Map<String, Integer> perChoice = new HashMap<>();
    for (int pair : shown) {
      perChoice.merge(choice(pair), 1, Integer::sum);
    }
    List<LabelMargin> labels = new ArrayList<>(shown.length);
    for (int pair : shown) {
      double strength = pairs.get(pair).strength() / perChoice.getOrDefault(choice(pair), 1);
      labels.add(scores.label(pair, strength));
    }
    return labels;
  }

  private String choice(int pair) {
    String choice = pairs.get(pair).choice();
    return choice == null ? "line " + pair : "choice " + choice;
  }
}
