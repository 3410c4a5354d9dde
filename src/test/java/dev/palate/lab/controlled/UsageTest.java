package dev.palate.lab.controlled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class UsageTest {

  @Test
  void aSureRouterAsksOneExpertAndAnEvenOneAll() {
    float[][] sure = {{1, 0, 0, 0}, {0, 1, 0, 0}};
    float[][] even = {{0.25f, 0.25f, 0.25f, 0.25f}};
    assertThat(Usage.of(sure).effectiveExperts()).isCloseTo(1, within(1e-12));
    assertThat(Usage.of(even).effectiveExperts()).isCloseTo(4, within(1e-12));
  }

  @Test
  void anExpertOfLessThanAFifthOfItsShareIsDead() {
    // A fifth of 1/4 is 0.05
    float[][] routing = {{0.86f, 0.06f, 0.04f, 0.04f}, {0.84f, 0.04f, 0.06f, 0.06f}};
    Usage usage = Usage.of(routing);
    assertThat(usage.share()[0]).isCloseTo(0.85, within(1e-6));
    assertThat(Usage.of(new float[][] {routing[0]}).dead()).isEqualTo(2);
    assertThat(Usage.of(new float[][] {routing[1]}).dead()).isEqualTo(1);
    assertThat(usage.largest()).isCloseTo(0.85, within(1e-6));
  }

  @Test
  void theFirstChoiceIsTheLargestWeightAndOfEqualsTheFirst() {
    float[][] routing = {{0.2f, 0.5f, 0.3f}, {0.4f, 0.2f, 0.4f}};
    assertThat(Usage.firstChoices(routing)).containsExactly(1, 0);
  }
}
