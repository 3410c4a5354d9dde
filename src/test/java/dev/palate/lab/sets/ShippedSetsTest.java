package dev.palate.lab.sets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.model.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The sets of the jar meet their specification (MODEL.md, The everyday and taste sets). */
class ShippedSetsTest {

  private static final Pattern NON_LATIN = Pattern.compile("[\\p{L}&&[^\\p{IsLatin}]]");

  private final EvaluationSet everyday = EvaluationSet.everyday();
  private final EvaluationSet taste = EvaluationSet.taste();

  @Test
  void theEverydaySetHasAtLeast150PairsOfAtLeast12Kinds() {
    assertThat(everyday.pairs()).hasSizeGreaterThanOrEqualTo(150);
    assertThat(everyday.groups()).hasSizeGreaterThanOrEqualTo(12);
    assertThat(everyday.groups())
        .contains(EverydayReport.OUTSIDE_MACRO)
        .containsAll(TasteStudy.GARBAGE_KINDS);
  }

  @Test
  void theTasteSetHasAtLeastTenTraitsOfAtLeast40Prompts() {
    assertThat(taste.groups()).hasSizeGreaterThanOrEqualTo(10);
    for (String trait : taste.groups()) {
      assertThat(taste.group(trait).stream().map(TextPair::messages).distinct())
          .as(trait)
          .hasSizeGreaterThanOrEqualTo(40);
    }
  }

  @Test
  void lengthDoesNotTellTheSidesApart() {
    for (EvaluationSet set : List.of(everyday, taste)) {
      for (String group : set.groups()) {
        double[] lengths =
            set.group(group).stream().mapToDouble(TextPair::lengthDifference).toArray();
        double longer = Proportion.right(lengths, 1) / lengths.length;
        switch (group) {
          case "brevity" -> assertThat(longer).as(group).isZero();
          case "empty" -> assertThat(longer).as(group).isEqualTo(1);
          default -> assertThat(longer).as(group).isBetween(.4, .6);
        }
      }
    }
  }

  @Test
  void idsAreUniqueAndNoPromptComesTwiceInAGroup() {
    assertThat(both().map(TextPair::id)).doesNotHaveDuplicates();
    assertThat(everyday.pairs().stream().map(TextPair::messages)).doesNotHaveDuplicates();
    for (String trait : taste.groups()) {
      assertThat(taste.group(trait).stream().map(TextPair::messages)).doesNotHaveDuplicates();
    }
    assertThat(both()).noneMatch(pair -> pair.first().equals(pair.second()));
  }

  @Test
  void theHalvesAreOfEqualSizeInEveryGroup() {
    for (EvaluationSet set : List.of(everyday, taste)) {
      assertThat(set.pairs()).noneMatch(pair -> pair.half() == Half.BOTH);
      for (String group : set.groups()) {
        int a = set.of(Half.A).group(group).size();
        int b = set.of(Half.B).group(group).size();
        assertThat(Math.abs(a - b)).as(group).isLessThanOrEqualTo(1);
        assertThat(set.of(Half.BOTH).group(group)).hasSize(a + b);
      }
    }
  }

  @Test
  void aPromptIsInOneHalfOnly() {
    Map<List<Message>, Half> halves = new HashMap<>();
    both()
        .forEach(pair -> {
          Half before = halves.putIfAbsent(pair.messages(), pair.half());
          assertThat(before == null || before == pair.half()).as(pair.id()).isTrue();
        });
  }

  @Test
  void somePromptsHaveSeveralTurnsAndSomeAreNotEnglish() {
    List<TextPair> turns = everyday.group("multi_turn");
    assertThat(turns).hasSizeGreaterThanOrEqualTo(5);
    for (TextPair pair : turns) {
      assertThat(pair.messages().stream().map(Message::role).collect(Collectors.toSet()))
          .isEqualTo(Set.of("user", "assistant"));
      assertThat(pair.messages().getLast().role()).isEqualTo("user");
    }
    assertThat(everyday.group("language"))
        .hasSizeGreaterThanOrEqualTo(5)
        .anyMatch(pair ->
            NON_LATIN.matcher(pair.messages().getFirst().content()).find()
                && NON_LATIN.matcher(pair.first()).find()
                && !NON_LATIN.matcher(pair.second()).find());
  }

  private Stream<TextPair> both() {
    return Stream.concat(everyday.pairs().stream(), taste.pairs().stream());
  }
}
