package dev.palate.lab.baselines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.model.Prompt;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.Encodings;
import dev.palate.lab.judge.MadeData;
import dev.palate.lab.judge.Material;
import dev.palate.lab.judge.Rule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MajorityTest {

  private final List<PreferencePair> pairs = new ArrayList<>();
  private final List<Split> splits = new ArrayList<>();

  @Test
  void winRateOfTrainUsersDecidesAndUnseenTextsAreNotCovered() {
    add(Split.TRAIN, "good", "bad");
    add(Split.TRAIN, "good", "bad");
    add(Split.TRAIN, "bad", "good");
    add(Split.TEST, "good", "bad");
    add(Split.TEST, "bad", "good");
    add(Split.TEST, "good", "never seen");
    Rule rule = Majority.winRate(material());
    assertThat(rule.unadapted(3)).isPositive();
    assertThat(rule.unadapted(4)).isEqualTo(-rule.unadapted(3));
    assertThat(rule.covers(3)).isTrue();
    assertThat(rule.covers(5)).isFalse();
    assertThat(rule.unadapted(5)).isZero();
  }

  @Test
  void longerResponseWins() {
    add(Split.TEST, "a longer text", "short");
    add(Split.TEST, "short", "a longer text");
    Rule rule = Majority.longer(pairs);
    assertThat(rule.unadapted(0)).isPositive();
    assertThat(rule.unadapted(1)).isNegative();
  }

  private void add(Split split, String chosen, String rejected) {
    pairs.add(
        new PreferencePair(
            "made", "" + pairs.size(), "u", "", new Prompt("p"), chosen, rejected, 1, null, null));
    splits.add(split);
  }

  private Material material() {
    Material other = MadeData.material(10, 1, 1);
    int[] zeros = new int[pairs.size()];
    EncodedPairs encoded =
        new EncodedPairs(
            Encodings.of(new float[1][MadeData.DIMENSION]), pairs, zeros, zeros, zeros);
    return Material.of(other.bundle(), MadeData.data(pairs, splits), encoded);
  }
}
