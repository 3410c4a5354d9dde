package dev.palate.lab.controlled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RecoveryTest {

  @Test
  void agreesWithCountingEverything() {
    Random random = new Random(2);
    for (int trial = 0; trial < 100; trial++) {
      int groups = 2 + random.nextInt(4);
      int experts = 2 + random.nextInt(5);
      int n = 5 + random.nextInt(60);
      int[] group = random.ints(n, 0, groups).toArray();
      int[] expert = random.ints(n, 0, experts).toArray();
      group[0] = 0;
      group[1] = 1;
      Recovery recovery = Recovery.of(group, expert, groups, experts);
      assertThat(recovery.nmi()).isCloseTo(BruteForce.nmi(group, expert), within(1e-9));
      double[][] shared = new double[groups][experts];
      for (int i = 0; i < n; i++) {
        shared[group[i]][expert[i]] += 1.0 / n;
      }
      assertThat(recovery.hungarianAccuracy())
          .isCloseTo(BruteForce.bestMatching(shared), within(1e-9));
    }
  }

  @Test
  void namesOfExpertsDoNotMatter() {
    int[] group = {0, 0, 1, 1, 2, 2};
    assertThat(Recovery.of(group, new int[] {3, 3, 0, 0, 1, 1}, 3, 4))
        .isEqualTo(new Recovery(1, 1, 3, 1));
  }

  @Test
  void oneExpertForEverythingTellsNothing() {
    int[] group = {0, 0, 1, 1, 2, 2};
    Recovery recovery = Recovery.of(group, new int[6], 3, 4);
    assertThat(recovery.nmi()).isCloseTo(0, within(1e-12));
    assertThat(recovery.hungarianAccuracy()).isCloseTo(2.0 / 6, within(1e-12));
    assertThat(recovery.groupsRecovered()).isZero();
    assertThat(recovery.purity()).isCloseTo(2.0 / 6, within(1e-12));
  }

  @Test
  void aGroupHalfHeldIsNotRecoveredAndASharedExpertRecoversNobody() {
    // Group 0 is split in halves; groups 1 and 2 share an expert; group 3 has its own but for one
    int[] group = {0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 3};
    int[] expert = {0, 0, 1, 1, 2, 2, 2, 2, 3, 3, 2};
    Recovery recovery = Recovery.of(group, expert, 4, 4);
    assertThat(recovery.groupsRecovered()).isEqualTo(1);
    assertThat(recovery.purity()).isCloseTo(8.0 / 11, within(1e-12));
  }
}
