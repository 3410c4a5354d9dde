package dev.palate.lab.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.model.Prompt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SplitPlanTest {

  @Test
  void ofFewUsersValidationIsCarvedByPromptWhereNoneIsDrawn() {
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      pairs.add(pair(i, "one", "prompt " + i % 200, null));
    }
    SplitPlan plan = SplitPlan.of(pairs);
    assertThat(plan.splits()).contains(Split.TRAIN, Split.VALIDATION, Split.TEST);
    for (int i = 0; i < 200; i++) {
      assertThat(plan.splits().get(i)).isEqualTo(plan.splits().get(i + 200));
    }
  }

  @Test
  void noTestUserReachesTrainingWhereTheDataWasSplitByUser() {
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      int user = i % 100;
      // user 7 stands on both sides, against what the split says
      String split = user < 20 || (user == 57 && i > 1000) ? "test-users" : "train-users";
      pairs.add(pair(i, "u" + user, "prompt " + i % 13, split));
    }
    assertDisjoint(pairs, PreferencePair::userKey);
  }

  @Test
  void noTestPromptReachesTrainingWhereTheDataWasSplitByPrompt() {
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      int prompt = i % 200;
      String split = prompt < 40 || (prompt == 90 && i > 1000) ? "test" : "train";
      pairs.add(pair(i, "u" + i % 3, "prompt " + prompt, split));
    }
    assertDisjoint(pairs, pair -> pair.prompt().text());
  }

  @Test
  void withoutASplitNeitherTestUsersNorTestPromptsAreTrainedOnOrValidatedOn() {
    List<PreferencePair> pairs = unsplit();
    SplitPlan plan = SplitPlan.of(pairs);
    // What makes a line a test line is its user or its prompt; both draws must hold for all lines
    Set<String> trained = new HashSet<>();
    for (int i = 0; i < pairs.size(); i++) {
      if (plan.splits().get(i) != Split.TEST) {
        trained.add("user " + pairs.get(i).userKey());
        trained.add("prompt " + pairs.get(i).prompt());
      }
    }
    for (int i = 0; i < pairs.size(); i++) {
      if (plan.splits().get(i) == Split.TEST) {
        boolean bothSeen =
            trained.contains("user " + pairs.get(i).userKey())
                && trained.contains("prompt " + pairs.get(i).prompt());
        assertThat(bothSeen).as("test line %d: user and prompt both trained on", i).isFalse();
      }
    }
  }

  @Test
  void validationUsersAreNotTrainedOn() {
    List<PreferencePair> pairs = unsplit();
    SplitPlan plan = SplitPlan.of(pairs);
    assertThat(keys(pairs, plan, Split.VALIDATION, PreferencePair::userKey))
        .isNotEmpty()
        .doesNotContainAnyElementsOf(keys(pairs, plan, Split.TRAIN, PreferencePair::userKey));
  }

  @Test
  void validationIsCarvedFromTrainLinesAlone() {
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      pairs.add(pair(i, "u" + i, "prompt " + i, "test-users"));
    }
    assertThat(SplitPlan.of(pairs).splits()).containsOnly(Split.TEST);
  }

  @Test
  void aWordNotKnownIsNeverLearnedFrom() {
    assertThat(SplitPlan.of(List.of(pair(1, "u", "p", "holdout"))).splits())
        .containsExactly(Split.TEST);
  }

  @Test
  void sharesAreCloseToWhatTheySay() {
    List<PreferencePair> pairs = unsplit();
    List<@Nullable Split> splits = SplitPlan.of(pairs).splits();
    double test = (double) splits.stream().filter(Split.TEST::equals).count() / pairs.size();
    double validation =
        (double) splits.stream().filter(Split.VALIDATION::equals).count() / pairs.size();
    // a line is a test line by its user or by its prompt
    assertThat(test).isBetween(0.22, 0.34);
    assertThat(validation / (1 - test)).isBetween(0.10, 0.20);
  }

  private static void assertDisjoint(
      List<PreferencePair> pairs, Function<PreferencePair, @Nullable String> key) {
    SplitPlan plan = SplitPlan.of(pairs);
    Set<@Nullable String> learned = keys(pairs, plan, Split.TRAIN, key);
    learned.addAll(keys(pairs, plan, Split.VALIDATION, key));
    assertThat(learned).doesNotContainAnyElementsOf(keys(pairs, plan, Split.TEST, key));
    assertThat(plan.leaking()).isPositive();
  }

  private static Set<@Nullable String> keys(
      List<PreferencePair> pairs,
      SplitPlan plan,
      Split split,
      Function<PreferencePair, @Nullable String> key) {
    Set<@Nullable String> keys = new HashSet<>();
    for (int i = 0; i < pairs.size(); i++) {
      if (plan.splits().get(i) == split) {
        keys.add(key.apply(pairs.get(i)));
      }
    }
    return keys;
  }

  private static List<PreferencePair> unsplit() {
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      pairs.add(pair(i, "u" + i % 997, "prompt " + i % 991, null));
    }
    return pairs;
  }

  private static PreferencePair pair(int i, String user, String prompt, @Nullable String split) {
    return new PreferencePair(
        "made", "p" + i, user, "", new Prompt(prompt), "a" + i, "b" + i, 1, split, null);
  }
}
