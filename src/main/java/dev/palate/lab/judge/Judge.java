package dev.palate.lab.judge;

import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.data.UserChoices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Asks users about the pairs they have not shown. A user's choices are shuffled, n of them shown
 * whole, the rest judged; repeated over draws. Every rule meets the same draws, and n + 1 choices
 * hold the n of the same draw.
 *
 * @param draws how often each user is asked
 */
public record Judge(int draws, long seed) {

  /** Fewer asked pairs than this say nothing of a user. */
  private static final int LEAST_ASKED = 5;

  /** Is told of every pair asked about. */
  @FunctionalInterface
  public interface Listener {

    /**
     * @param user index in the list of users
     * @param share of the user's own total: all shares of a user sum to 1
     */
    void asked(int user, double share, double unadapted, double adapted);
  }

  /**
   * One user's means over the pairs asked about and the draws.
   *
   * @param unadapted accuracy without labels
   * @param adapted accuracy with them, on the same pairs
   */
  public record Outcome(
      double unadapted, double adapted, double logLossUnadapted, double logLossAdapted) {}

  /** By data set, users of a split no pair of whom was trained on; pairs by their index in data. */
  public static Map<String, List<UserChoices>> unseen(TrainingData data, Split split) {
    int[] indices = data.indices(split);
    Set<String> seen = data.trainUsers();
    Map<String, List<UserChoices>> unseen = new TreeMap<>();
    for (UserChoices user : UserChoices.of(data.of(split))) {
      if (!seen.contains(user.user())) {
        List<int[]> choices =
            user.choices().stream()
                .map(choice -> Arrays.stream(choice).map(pair -> indices[pair]).toArray())
                .toList();
        unseen
            .computeIfAbsent(user.dataset(), key -> new ArrayList<>())
            .add(new UserChoices(user.user(), user.dataset(), choices));
      }
    }
    return unseen;
  }

  /** Users who have something left to be asked about, whichever n choices they show. */
  public static List<UserChoices> eligible(List<UserChoices> users, int shown) {
    return users.stream()
        .filter(user -> {
          int most =
              user.choices().stream()
                  .map(choice -> choice.length)
                  .sorted(Comparator.reverseOrder())
                  .limit(shown)
                  .mapToInt(Integer::intValue)
                  .sum();
          return user.choices().size() > shown && user.pairs() - most >= LEAST_ASKED;
        })
        .toList();
  }

  /** Without anything shown one draw is as good as many. */
  private int draws(int shown) {
    return shown == 0 ? 1 : draws;
  }

  /**
   * @param users all {@link #eligible} for this n
   */
  public void ask(Rule rule, List<UserChoices> users, int shown, Listener listener) {
    int draws = draws(shown);
    for (int index = 0; index < users.size(); index++) {
      UserChoices user = users.get(index);
      for (int draw = 0; draw < draws; draw++) {
        List<int[]> order = shuffled(user, draw);
        Rule.Adapted adapted = rule.adapt(pairs(order.subList(0, shown)));
        int[] asked = pairs(order.subList(shown, order.size()));
        double share = 1.0 / asked.length / draws;
        for (int pair : asked) {
          listener.asked(index, share, rule.unadapted(pair), adapted.margin(pair));
        }
      }
    }
  }

  /** One entry per user. */
  public List<Outcome> outcomes(Calibrated rule, List<UserChoices> users, int shown) {
    double[][] sums = new double[users.size()][4];
    ask(
        rule.rule(),
        users,
        shown,
        (user, share, unadapted, adapted) -> {
          sums[user][0] += share * Calibrated.right(unadapted);
          sums[user][1] += share * Calibrated.right(adapted);
          sums[user][2] += share * rule.logLoss(unadapted);
          sums[user][3] += share * rule.logLoss(adapted);
        });
    return Arrays.stream(sums).map(s -> new Outcome(s[0], s[1], s[2], s[3])).toList();
  }

  /** The pairs of the first n choices of the first draw. */
  public int[] firstShown(UserChoices user, int shown) {
    return pairs(shuffled(user, 0).subList(0, shown));
  }

  private List<int[]> shuffled(UserChoices user, int draw) {
    List<int[]> order = new ArrayList<>(user.choices());
    long drawSeed = seed * 0x9E3779B97F4A7C15L + ((long) user.user().hashCode() << 20) + draw;
    java.util.Collections.shuffle(order, new Random(drawSeed));
    return order;
  }

  private static int[] pairs(List<int[]> choices) {
    return choices.stream().flatMapToInt(Arrays::stream).toArray();
  }
}
