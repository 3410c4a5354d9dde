package dev.palate.lab.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A user's pairs, grouped into acts of choosing: pairs of one act are not independent, so they are
 * labels together or asked about together, and as labels share the strength of one.
 *
 * @param user among all data sets
 * @param choices indices of pairs, one array per act, in the order of the data
 */
public record UserChoices(String user, String dataset, List<int[]> choices) {

  /** The users of the pairs, in order of appearance; pairs without a user are left out. */
  public static List<UserChoices> of(List<PreferencePair> pairs) {
    Map<String, List<Integer>> users = new LinkedHashMap<>();
    for (int i = 0; i < pairs.size(); i++) {
      String user = pairs.get(i).userKey();
      if (user != null) {
        users.computeIfAbsent(user, key -> new ArrayList<>()).add(i);
      }
    }
    List<UserChoices> all = new ArrayList<>();
    users.forEach((user, indices) ->
        all.add(
            new UserChoices(
                user, pairs.get(indices.getFirst()).dataset(), choices(pairs, indices))));
    return all;
  }

  private static List<int[]> choices(List<PreferencePair> pairs, List<Integer> indices) {
    List<int[]> choices = new ArrayList<>();
    Map<String, Integer> places = new HashMap<>();
    for (int index : indices) {
      String choice = pairs.get(index).choice();
      Integer place = choice == null ? null : places.putIfAbsent(choice, choices.size());
      if (place == null) {
        choices.add(new int[] {index});
      } else {
        int[] longer = Arrays.copyOf(choices.get(place), choices.get(place).length + 1);
        longer[longer.length - 1] = index;
        choices.set(place, longer);
      }
    }
    return choices;
  }

  public int pairs() {
    return choices.stream().mapToInt(choice -> choice.length).sum();
  }
}
