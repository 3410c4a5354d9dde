package dev.palate.training;

import dev.palate.taste.LabelMargin;
import dev.palate.taste.Likelihood;
import dev.palate.taste.Prior;
import dev.palate.taste.PriorLearner;
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
final class LearnedPrior {

  /** A user with more labels is drawn from, so that one writer does not make the prior's cost. */
  private static final int TRAIN_LABELS = 60;

  private static final int VALIDATION_LABELS = 200;

  /** Label orders to judge a strength by, over all validation users of a data set. */
  private static final int ORDERS = 200;

  private static final int LEAST_LABELS = 4;
  private static final int LEAST_USERS = 20;

  /** Without users to learn from: a shift of this size is thought possible, MODEL.md's tau. */
  private static final double TAU = 0.02;

  private LearnedPrior() {}

  static Prior learn(
      TrainingData data, PairScores scores, Likelihood likelihood, int experts, long seed) {
    List<List<LabelMargin>> train = new ArrayList<>();
    users(data, scores, Split.TRAIN, seed).values().forEach(train::addAll);
    if (train.size() < LEAST_USERS) {
      return Prior.isotropic(experts, TAU);
    }
    Prior learned = PriorLearner.learn(train, likelihood);
    return PriorLearner.tune(learned, likelihood, users(data, scores, Split.VALIDATION, seed));
  }

  /**
   * By data set, each user's labels in random order. Validation users of a data set with few of
   * them come in several orders, so that the prior's strength does not hang on one.
   */
  private static Map<String, List<List<LabelMargin>>> users(
      TrainingData data, PairScores scores, Split split, long seed) {
    int[] indices = data.indices(split);
    // Where the data was split by prompt, users are on both sides and none is unseen
    Set<String> seen = split == Split.TRAIN ? Set.of() : data.trainUsers();
    Map<String, List<UserChoices>> byDataset = new TreeMap<>();
    for (UserChoices user : UserChoices.of(data.of(split))) {
      if (user.pairs() >= LEAST_LABELS && !seen.contains(user.user())) {
        byDataset.computeIfAbsent(user.dataset(), key -> new ArrayList<>()).add(user);
      }
    }
    Map<String, List<List<LabelMargin>>> labels = new TreeMap<>();
    byDataset.forEach((dataset, users) -> {
      int draws = split == Split.TRAIN ? 1 : Math.ceilDiv(ORDERS, users.size());
      int most = split == Split.TRAIN ? TRAIN_LABELS : VALIDATION_LABELS;
      Random random = new Random(seed ^ dataset.hashCode());
      List<List<LabelMargin>> all = new ArrayList<>();
      for (int draw = 0; draw < draws; draw++) {
        users.forEach(user -> all.add(shuffled(data, scores, user, indices, most, random)));
      }
      labels.put(dataset, all);
    });
    return labels;
  }

  private static List<LabelMargin> shuffled(
      TrainingData data,
      PairScores scores,
      UserChoices user,
      int[] indices,
      int most,
      Random random) {
    List<int[]> choices = new ArrayList<>(user.choices());
    Collections.shuffle(choices, random);
    List<LabelMargin> labels = new ArrayList<>();
    for (int[] choice : choices) {
      for (int pair : choice) {
        labels.add(scores.label(indices[pair], data.pairs().get(indices[pair]).strength()));
      }
    }
    return labels.subList(0, Math.min(most, labels.size()));
  }
}
