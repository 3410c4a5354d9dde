package dev.palate.lab.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.model.Prompt;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UserChoicesTest {

  @Test
  void pairsOfOneActAreOneChoiceAndTheOthersEachTheirOwn() {
    List<UserChoices> users =
        UserChoices.of(
            List.of(
                pair("ann", "c1"),
                pair("bob", "c1"),
                pair("ann", null),
                pair("ann", "c2"),
                pair("ann", "c1"),
                pair("ann", null),
                pair("ann", "c1")));
    assertThat(users).extracting(UserChoices::user).containsExactly("made/ann", "made/bob");
    assertThat(users.getFirst().choices())
        .containsExactly(new int[] {0, 4, 6}, new int[] {2}, new int[] {3}, new int[] {5});
    assertThat(users.getFirst().pairs()).isEqualTo(6);
    assertThat(users.getLast().choices()).containsExactly(new int[] {1});
  }

  @Test
  void pairsWithoutAUserAreNobodysChoices() {
    assertThat(UserChoices.of(List.of(pair(null, "c1"), pair(null, null)))).isEmpty();
  }

  private static PreferencePair pair(@Nullable String user, @Nullable String choice) {
    return new PreferencePair("made", "id", user, "", new Prompt("p"), "a", "b", 1, null, choice);
  }
}
