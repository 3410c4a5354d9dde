package dev.palate.lab.train;

import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.TasteSolver;
import dev.palate.core.traits.SharedExperts;
import dev.palate.core.traits.TextTraits;
import dev.palate.lab.data.PairWeights;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.traits.SharedExpertRecipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Adds the shared experts to routed ones (MODEL.md, "Experts, routed and shared"): their directions
 * are counted on the training texts, the population's weight of each is fitted on the training
 * pairs beside the routed reward.
 */
public final class SharedExpertTraining {

  /** Standard deviation of the population's weights before any pair, in logits. */
  private static final double POPULATION_TAU = 0.5;

  private SharedExpertTraining() {}

  /**
   * @param experts with the population's weights
   * @param scores of all pairs of the data: routed experts, then shared ones
   */
  public record Trained(SharedExperts experts, PairScores scores) {}

  /**
   * @param labelled whose texts say what is usual
   * @param data whose pairs teach the population's weights
   * @param routed scores of all pairs of the data by the routed experts
   * @param likelihood calibrated on them
   * @param userCap most pairs that one user counts for
   */
  public static Trained train(
      TrainingData labelled,
      TrainingData data,
      PairScores routed,
      Likelihood likelihood,
      int userCap) {
    List<PreferencePair> pairs = data.pairs();
    int[] train = data.indices(Split.TRAIN);
    SharedExperts unweighted = recipe(labelled);
    float[][] margins = new float[pairs.size()][];
    for (int i = 0; i < margins.length; i++) {
      margins[i] =
          difference(
              unweighted.rewards(pairs.get(i).chosen()),
              unweighted.rewards(pairs.get(i).rejected()));
    }
    int shared = unweighted.expertCount();
    PairScores unweightedScores = routed.withShared(margins, new float[shared]);
    double[] weights = PairWeights.of(data.of(Split.TRAIN), userCap);
    float[] population = population(unweightedScores.at(train), weights, with(likelihood, shared));
    return new Trained(
        unweighted.withPopulation(population), routed.withShared(margins, population));
  }

  private static SharedExperts recipe(TrainingData labelled) {
    List<float[]> chosen = new ArrayList<>();
    List<float[]> rejected = new ArrayList<>();
    for (PreferencePair pair : labelled.of(Split.TRAIN)) {
      chosen.add(TextTraits.of(pair.chosen()));
      rejected.add(TextTraits.of(pair.rejected()));
    }
    return SharedExpertRecipe.fit(chosen, rejected);
  }

  /** The mode of the population's weights: all pairs are the labels of one user. */
  private static float[] population(PairScores scores, double[] weights, Likelihood likelihood) {
    double most = Arrays.stream(weights).max().orElse(1);
    List<LabelMargin> labels = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      if (weights[i] > 0) {
        labels.add(scores.label(i, weights[i] / most));
      }
    }
    int k = scores.margins()[0].length;
    int routed = k - scores.shared();
    double tau = POPULATION_TAU / likelihood.scale();
    Prior prior = LearnedPrior.sharedOnly(k, routed, tau);
    double[] shift = new TasteSolver(prior, likelihood).solve(labels).shift();
    float[] population = new float[scores.shared()];
    for (int j = 0; j < population.length; j++) {
      population[j] = (float) shift[routed + j];
    }
    return population;
  }

  private static Likelihood with(Likelihood routed, int shared) {
    return new Likelihood(routed.scale(), routed.labelNoise(), routed.topM(), shared);
  }

  private static float[] difference(float[] a, float[] b) {
    float[] difference = new float[a.length];
    for (int j = 0; j < a.length; j++) {
      difference[j] = a[j] - b[j];
    }
    return difference;
  }
}
