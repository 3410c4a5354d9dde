package dev.palate.server.comparisons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonSettingsTest {

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1_001, Integer.MAX_VALUE})
  void aBoundOutOfRangeIsRefusedByItsName(int bound) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ComparisonSettings(bound))
        .withMessageContaining("'palate.comparisons.max-per-user'");
  }

  @Test
  void theEndsOfTheRangeAreInIt() {
    assertThat(new ComparisonSettings(1).maxPerUser()).isEqualTo(1);
    assertThat(new ComparisonSettings(1_000).maxPerUser()).isEqualTo(1_000);
  }
}
