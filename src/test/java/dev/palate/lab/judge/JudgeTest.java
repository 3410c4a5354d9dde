package dev.palate.lab.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.lab.data.Split;
import dev.palate.lab.data.UserChoices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JudgeTest {

  private final Judge judge = new Judge(4, 1);

  /** Notes what it is shown and asked; right about everything it was not shown. */
  private static final class Spy implements Rule {
    private final List<Set<Integer>> shown = new ArrayList<>();
    private final List<Set<Integer>> asked = new ArrayList<>();

    @Override
    public String name() {
      return "spy";
    }

    @Override
    public boolean adapts() {
      return true;
    }

    @Override
    public double unadapted(int pair) {
      return -1;
    }

    @Override
    public Adapted adapt(int[] labels) {
      Set<Integer> mine = new HashSet<>();
      shown.add(new HashSet<>(Arrays.stream(labels).boxed().toList()));
      asked.add(mine);
      return pair -> {
        mine.add(pair);
        return 1;
      };
    }
  }

  @Test
  void choicesAreShownWholeAndNoPairIsBothShownAndAsked() {
    UserChoices user =
        new UserChoices(
            "u", "made", List.of(new int[] {0, 1, 2}, new int[] {3, 4}, new int[] {5, 6, 7, 8}));
    Spy spy = new Spy();
    judge.ask(spy, List.of(user), 1, (u, share, before, after) -> {});
    assertThat(spy.shown).hasSize(4);
    for (int draw = 0; draw < 4; draw++) {
      assertThat(spy.shown.get(draw)).isIn(Set.of(0, 1, 2), Set.of(3, 4), Set.of(5, 6, 7, 8));
      Set<Integer> all = new HashSet<>(spy.shown.get(draw));
      all.addAll(spy.asked.get(draw));
      assertThat(all).hasSize(9);
      assertThat(spy.asked.get(draw)).hasSize(9 - spy.shown.get(draw).size());
    }
  }

  @Test
  void everyRuleMeetsTheSameDrawsAndMoreLabelsHoldTheFewer() {
    List<UserChoices> users = List.of(user("a", 12), user("b", 30));
    Spy first = new Spy();
    Spy second = new Spy();
    Spy more = new Spy();
    judge.ask(first, users, 3, (u, share, before, after) -> {});
    judge.ask(second, users, 3, (u, share, before, after) -> {});
    judge.ask(more, users, 5, (u, share, before, after) -> {});
    assertThat(second.shown).isEqualTo(first.shown);
    for (int i = 0; i < first.shown.size(); i++) {
      assertThat(more.shown.get(i)).containsAll(first.shown.get(i));
    }
    assertThat(new HashSet<>(first.shown)).hasSizeGreaterThan(2);
  }

  @Test
  void sharesOfAUserSumToOne() {
    double[] sums = new double[2];
    judge.ask(
        new Spy(),
        List.of(user("a", 12), user("b", 30)),
        3,
        (u, share, before, after) -> sums[u] += share);
    assertThat(sums).satisfies(s -> assertThat(s[0]).isBetween(0.999999, 1.000001));
    assertThat(sums[1]).isBetween(0.999999, 1.000001);
  }

  @Test
  void usersWithFewerThanFivePairsLeftAreLeftOut() {
    List<UserChoices> users = List.of(user("few", 7), user("enough", 8));
    assertThat(Judge.eligible(users, 3)).extracting(UserChoices::user).containsExactly("enough");
  }

  @Test
  void anUnseenUserHasNoTrainPairAndKeepsTheIndicesOfAllData() {
    Material material = MadeData.material(20, 6, 1);
    List<UserChoices> unseen =
        Judge.unseen(material.data(), Split.TEST).getOrDefault("made", List.of());
    assertThat(unseen)
        .extracting(UserChoices::user)
        .containsExactly("made/u8", "made/u9", "made/u18", "made/u19");
    for (UserChoices user : unseen) {
      for (int[] choice : user.choices()) {
        assertThat(material.data().pairs().get(choice[0]).userKey()).isEqualTo(user.user());
      }
    }
  }

  private static UserChoices user(String name, int choices) {
    return new UserChoices(
        name, "made", IntStream.range(0, choices).mapToObj(i -> new int[] {i}).toList());
  }
}
