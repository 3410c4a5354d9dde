package dev.palate.server.score;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.model.PromptScores;
import dev.palate.core.model.ResponseScores;
import dev.palate.core.taste.RoutingWeights;
import dev.palate.server.score.ScoreAnswer.Contribution;
import dev.palate.server.score.ScoreAnswer.Judged;
import dev.palate.server.score.ScoreAnswer.Routed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Experts' rewards and a shift become ranked, explained responses: r(x,y) = sum_k (w_k(x) + d_k)
 * r_k(x,y) (MODEL.md).
 */
final class Mixer {

  private final Bundle bundle;

  Mixer(Bundle bundle) {
    this.bundle = bundle;
  }

  ScoreAnswer mix(
      @Nullable String id,
      @Nullable String user,
      UserShift shift,
      PromptScores scores,
      boolean explain) {
    double[] weights =
        RoutingWeights.personal(
            scores.routing(),
            shift.shift(),
            bundle.prior().leeway(),
            bundle.topM(),
            bundle.sharedCount());
    int[] experts = byMagnitude(weights);
    double[] rewards = new double[scores.responses().size()];
    for (int i = 0; i < rewards.length; i++) {
      rewards[i] = reward(weights, experts, scores.responses().get(i));
    }
    double[] softmax = rewards.length > 2 ? softmax(rewards) : null;
    List<Judged> judged = new ArrayList<>(rewards.length);
    for (int i = 0; i < rewards.length; i++) {
      ResponseScores response = scores.responses().get(i);
      judged.add(
          new Judged(
              i,
              rewards[i],
              rank(rewards, i),
              response.tokens(),
              response.truncated(),
              softmax == null ? null : softmax[i],
              explain ? contributions(weights, experts, response) : null));
    }
    return new ScoreAnswer(
        id,
        bundle.name(),
        bundle.version(),
        user,
        shift.weights(),
        shift.version(),
        scores.promptTokens(),
        scores.promptTruncated(),
        explain ? routing(weights, experts, scores) : null,
        judged,
        best(rewards),
        rewards.length == 2 ? firstPreferred(rewards[0] - rewards[1]) : null);
  }

  /** The experts with a weight, largest magnitude first, the lower index first among equals. */
  private static int[] byMagnitude(double[] weights) {
    int[] experts = new int[weights.length];
    int count = 0;
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] != 0) {
        int at = count++;
        for (; at > 0 && Math.abs(weights[experts[at - 1]]) < Math.abs(weights[k]); at--) {
          experts[at] = experts[at - 1];
        }
        experts[at] = k;
      }
    }
    return Arrays.copyOf(experts, count);
  }

  private static double reward(double[] weights, int[] experts, ResponseScores response) {
    double sum = 0;
    for (int k : experts) {
      sum += weights[k] * response.rewards()[k];
    }
    return sum;
  }

  private List<Routed> routing(double[] weights, int[] experts, PromptScores scores) {
    double[] prior =
        RoutingWeights.personal(
            scores.routing(),
            bundle.prior().mean(),
            bundle.prior().leeway(),
            bundle.topM(),
            bundle.sharedCount());
    List<Routed> routed = new ArrayList<>(experts.length);
    for (int k : experts) {
      routed.add(new Routed(k, bundle.experts().get(k).name(), weights[k], prior[k]));
    }
    return routed;
  }

  private static List<Contribution> contributions(
      double[] weights, int[] experts, ResponseScores response) {
    List<Contribution> contributions = new ArrayList<>(experts.length);
    for (int k : experts) {
      float reward = response.rewards()[k];
      contributions.add(new Contribution(k, reward, weights[k] * reward));
    }
    return contributions;
  }

  private static int rank(double[] rewards, int index) {
    int rank = 1;
    for (double reward : rewards) {
      rank += reward > rewards[index] ? 1 : 0;
    }
    return rank;
  }

  private static int best(double[] rewards) {
    int best = 0;
    for (int i = 1; i < rewards.length; i++) {
      best = rewards[i] > rewards[best] ? i : best;
    }
    return best;
  }

  /** P(first preferred) = e + (1 - 2e) sigmoid(s * margin). */
  private double firstPreferred(double margin) {
    double noise = bundle.labelNoise();
    return noise + (1 - 2 * noise) / (1 + Math.exp(-bundle.scale() * margin));
  }

  private double[] softmax(double[] rewards) {
    double max = rewards[best(rewards)];
    double[] shares = new double[rewards.length];
    double total = 0;
    for (int i = 0; i < rewards.length; i++) {
      shares[i] = Math.exp(bundle.scale() * (rewards[i] - max));
      total += shares[i];
    }
    for (int i = 0; i < rewards.length; i++) {
      shares[i] /= total;
    }
    return shares;
  }
}
