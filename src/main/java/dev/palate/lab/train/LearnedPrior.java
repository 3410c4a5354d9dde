package dev.palate.lab.train;

import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.PriorLearner;
import dev.palate.core.taste.PriorTuning;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.data.UserChoices;
import dev.palate.lab.encode.PairScores;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * The prior over users of a run: mu and Sigma from training users, how far to trust them from
 * validation users, who taught neither the experts nor Sigma.
 */
public final class LearnedPrior {

  /** A user with more labels is drawn from, so that one writer does not make the prior's cost. */
  private static final int TRAIN_LABELS = 60;

  /** Enough that a user who showed 50 is still asked about many. */
  private static final int VALIDATION_LABELS = 200;

  private static final int LEAST_LABELS = 4;
  private static final int LEAST_USERS = 20;

  /** Without users to learn from: a shift of this size is thought possible, MODEL.md's tau. */
  private static final double TAU = 0.02;

  private LearnedPrior() {}

  public static Prior learn(
      TrainingData data, PairScores scores, Likelihood likelihood, int experts, long seed) {
    List<List<LabelMargin>> train = new ArrayList<>();
    users(data, scores, Split.TRAIN, seed).values().forEach(train::addAll);
    if (train.size() < LEAST_USERS) {
      return Prior.isotropic(experts, TAU);
    }
    Prior learned = PriorLearner.learn(train, likelihood);
    return PriorTuning.tune(learned, likelihood, users(data, scores, Split.VALIDATION, seed));
  }

  /** By data set, each user's labels in random order, at most so many. */
  private static Map<String, List<List<LabelMargin>>> users(
      TrainingData data, PairScores scores, Split split, long seed) {
    int[] indices = data.indices(split);
    // Where the data was split by prompt, users are on both sides and none is unseen
    Set<String> seen = split == Split.TRAIN ? Set.of() : data.trainUsers();
    int most = split == Split.TRAIN ? TRAIN_LABELS : VALIDATION_LABELS;
    Map<String, List<List<LabelMargin>>> users = new TreeMap<>();
    for (UserChoices user : UserChoices.of(data.of(split))) {
      if (user.pairs() < LEAST_LABELS || seen.contains(user.user())) {
        continue;
      }
      List<int[]> choices = new ArrayList<>(user.choices());
      Collections.shuffle(choices, new Random(seed ^ user.user().hashCode()));
      List<LabelMargin> labels = new ArrayList<>();
      for (int[] choice : choices) {
        for (int pair : choice) {
          double strength = data.pairs().get(indices[pair]).strength() / choice.length;
          labels.add(scores.label(indices[pair], strength));
        }
      }
      users
          .computeIfAbsent(user.dataset(), key -> new ArrayList<>())
          .add(labels.subList(0, Math.min(most, labels.size())));
    }
    return users;
  }
}
