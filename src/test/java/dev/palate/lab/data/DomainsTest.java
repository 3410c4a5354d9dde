package dev.palate.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.lab.encode.MadePairs;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DomainsTest {

  @Test
  void bothSidesOfAQuestionAreOneDomain() {
    assertThat(names("tea-or-coffee_coffee-is-best", "tea-or-coffee_tea", "open-borders_no"))
        .containsExactly("Tea or coffee", "Tea or coffee", "Open borders");
  }

  @Test
  void anUnderscoreBetweenPlainWordsJoinsThem() {
    assertThat(names("climate_change")).containsExactly("Climate change");
  }

  @Test
  void aPartThatContextsShareIsNoName() {
    assertThat(names("some-owner.taxes", "some-owner.public-housing", "other.town-hall"))
        .containsExactly("Taxes", "Public housing", "Town hall");
    assertThat(names("dictionary.com", "travel.com")).containsExactly("Dictionary", "Travel");
  }

  @Test
  void datesAndCodesAreNoNames() {
    assertThat(names("isle.land-use.2rum9becx.2021-08-01")).containsExactly("Land use");
    assertThat(names("15-an-hour")).containsExactly("15 an hour");
  }

  @Test
  void aCategoryStandsBehindWhatItHolds() {
    assertThat(names("creative/bee", "Travel")).containsExactly("Bee (creative)", "Travel");
  }

  @Test
  void aNameThatIsPlainAlreadyStays() {
    assertThat(names("Creative NonFiction", "(Maps)?"))
        .containsExactly("Creative NonFiction", "Maps");
  }

  @Test
  void wordsAreWrittenAsTheResponsesWriteThem() {
    PreferencePair pair =
        MadePairs.pair(0, "ubi-in-india", "I hope that UBI comes.", "People of India want it.");
    assertThat(Domains.of(List.of(pair), 1).of(pair)).isEqualTo("UBI in India");
  }

  @Test
  void smallContextsAndNoneAreTheirDataSet() {
    List<PreferencePair> pairs = pairs(Stream.of("large", "large", "small", ""));
    Domains domains = Domains.of(pairs, 2);
    assertThat(pairs.stream().map(domains::of)).containsExactly("Large", "Large", "Made", "Made");
    assertThat(domains.names()).containsExactlyInAnyOrder("Large", "Made");
  }

  @Test
  void oneNameInTwoDataSetsIsTwoDomains() {
    PreferencePair one = MadePairs.pair(0, "travel", "a", "b");
    PreferencePair other =
        new PreferencePair("other-set", "p", null, "Travel", one.prompt(), "c", "d", 1, null, null);
    Domains domains = Domains.of(List.of(one, other), 1);
    assertThat(domains.of(one)).isEqualTo("Travel");
    assertThat(domains.of(other)).isEqualTo("Travel (other set)");
  }

  @Test
  void aContextOfSeparatorsOnlyKeepsItsSpelling() {
    assertThat(names("--")).containsExactly("--");
  }

  @Test
  void aPairOfAnUnknownDomainIsRefused() {
    Domains domains = Domains.of(pairs(Stream.of("known")), 1);
    assertThatThrownBy(() -> domains.of(MadePairs.pair(9, "unknown", "a", "b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'pair'");
  }

  private static List<String> names(String... contexts) {
    List<PreferencePair> pairs = pairs(Stream.of(contexts));
    Domains domains = Domains.of(pairs, 1);
    return pairs.stream().map(domains::of).toList();
  }

  private static List<PreferencePair> pairs(Stream<String> contexts) {
    List<PreferencePair> pairs = new ArrayList<>();
    contexts.forEach(
        context -> pairs.add(MadePairs.pair(pairs.size(), context, "Yes", "No " + pairs.size())));
    return pairs;
  }
}
