package dev.palate.lab.sets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.model.Message;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.tier.LongForm;
import dev.palate.tier.NeedsEngine;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bundle that ships, judged by half B of each set: what docs/everyday-and-taste.md says must
 * stay so.
 */
@LongForm
@NeedsEngine
class DemoBundleTest {

  private static final int DRAWS = 10;

  @TempDir private static Path temp;

  private static BundleTarget demo;

  @BeforeAll
  static void load() {
    demo =
        BundleTarget.open(
            Path.of("models", "demo"),
            new ModelSettings(TorchDevice.CPU, TorchDtype.FP32, temp, 8192, 65_536));
  }

  @AfterAll
  static void close() {
    demo.close();
  }

  @Test
  void everydayAnswersAreJudgedBetterThanByChance() {
    EverydayReport report = EverydayReport.of(EvaluationSet.everyday().of(Half.B), demo);
    assertThat(report.macro().accuracy()).isGreaterThan(.69);
    for (EverydayReport.Kind kind : report.kinds()) {
      if (List.of("empty", "gibberish", "shuffled").contains(kind.kind())) {
        assertThat(kind.accuracy().value()).as(kind.kind()).isGreaterThanOrEqualTo(.85);
      }
    }
  }

  /** The goals for made users; chance is .5 for each. */
  @Test
  void aConsistentTasteIsHeard() {
    TasteReport report =
        new TasteStudy(EvaluationSet.taste().of(Half.B), EvaluationSet.everyday(), DRAWS)
            .of(demo, progress -> {});
    assertThat(report.macro()).hasSize(5);
    double[] goals = {0, .75, .92, .95, .97};
    double[] goalsWithMistakes = {0, .65, .82, .88, .93};
    for (int n = 1; n < goals.length; n++) {
      assertThat(report.macro().get(n)).isGreaterThan(goals[n]);
      assertThat(report.macroWithMistakes().get(n)).isGreaterThan(goalsWithMistakes[n]);
    }
    assertThat(report.worstTrait().getLast()).isGreaterThan(.8);
    for (TasteReport.CoinFlips flips : report.coinFlips()) {
      assertThat(flips.anySignificant()).isLessThanOrEqualTo(.1);
      assertThat(flips.expertsSignificant()).isLessThanOrEqualTo(.05);
    }
  }

  /** The three requests of README's first page. */
  @Test
  void readmesOwnLabelTurnsReadmesOwnPair() {
    TextPair pair =
        new TextPair(
            "readme",
            "readme",
            Half.B,
            List.of(new Message("user", "How do tides work?")),
            "The moon pulls the sea.",
            "What a wonderful question! Let us embark on a journey through the enchanting world of"
                + " tides.");
    assertThat(demo.margins(List.of(pair))[0]).isNegative();
    try (SimulatedUser alice = demo.newUser()) {
      alice.learn(List.of(new SimulatedUser.Label(pair, true)));
      assertThat(alice.margins(List.of(pair))[0]).isPositive();
    }
  }
}
