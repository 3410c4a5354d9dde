package dev.palate.lab.sets;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Users without a taste: each labels pairs of all traits by a coin. A significant expert of such a
 * user is a false claim.
 */
final class CoinFlipStudy {

  static final int USERS_PER_DRAW = 20;

  private final EvaluationSet taste;
  private final List<Integer> labels;

  /**
   * @param labels numbers of labels, ascending; those beyond the set are left out
   */
  CoinFlipStudy(EvaluationSet taste, List<Integer> labels) {
    this.taste = taste;
    this.labels = labels.stream().filter(n -> n > 0 && n <= taste.pairs().size()).toList();
  }

  List<TasteReport.CoinFlips> of(ScoringTarget target, int users) {
    int[] usersWithAny = new int[labels.size()];
    int[] experts = new int[labels.size()];
    for (int i = 0; i < users; i++) {
      SplittableRandom random = new SplittableRandom(LabelDraw.SEED - 1 - i);
      List<TextPair> order = new ArrayList<>(taste.pairs());
      Collections.shuffle(order, random);
      try (SimulatedUser user = target.newUser()) {
        int given = 0;
        for (int n = 0; n < labels.size(); n++) {
          user.learn(
              order.subList(given, labels.get(n)).stream()
                  .map(pair -> new SimulatedUser.Label(pair, random.nextBoolean()))
                  .toList());
          given = labels.get(n);
          int significant = user.significantExperts();
          usersWithAny[n] += significant > 0 ? 1 : 0;
          experts[n] += significant;
        }
      }
    }
    List<TasteReport.CoinFlips> rows = new ArrayList<>();
    for (int n = 0; n < labels.size(); n++) {
      rows.add(
          new TasteReport.CoinFlips(
              labels.get(n),
              users,
              (double) usersWithAny[n] / users,
              (double) experts[n] / users / target.expertCount()));
    }
    return rows;
  }
}
