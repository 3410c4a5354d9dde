package dev.palate.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A user's pairs, grouped into acts of choosing: pairs of one act are not independent, so they are
 * labels together or asked about together.
 *
 * @param user among all data sets
 * @param choices indices of pairs, one array per act, in the order of the data
 */
public record UserChoices(String user, String dataset, List<int[]> choices) {

  /** The users of the pairs, in order of appearance; pairs without a user are left out. */
  public static List<UserChoices> of(List<PreferencePair> pairs) {
    Map<String, Map<String, List<Integer>>> users = new LinkedHashMap<>();
    Map<String, String> datasets = new LinkedHashMap<>();
    for (int i = 0; i < pairs.size(); i++) {
      PreferencePair pair = pairs.get(i);
      String user = pair.userKey();
      if (user == null) {
        continue;
      }
      String choice = pair.choice() == null ? "line " + i : pair.choice();
      users
          .computeIfAbsent(user, key -> new LinkedHashMap<>())
          .computeIfAbsent(choice, key -> new ArrayList<>())
          .add(i);
      datasets.put(user, pair.dataset());
    }
    List<UserChoices> all = new ArrayList<>();
    users.forEach((user, choices) ->
        all.add(
            new UserChoices(
                user,
                datasets.getOrDefault(user, ""),
                choices.values().stream()
                    .map(indices -> indices.stream().mapToInt(Integer::intValue).toArray())
                    .toList())));
    return all;
  }

  /** How many pairs the user has. */
  public int pairs() {
    return choices.stream().mapToInt(choice -> choice.length).sum();
  }
}
