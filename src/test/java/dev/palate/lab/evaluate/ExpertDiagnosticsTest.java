package dev.palate.lab.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.model.Prompt;
import dev.palate.lab.data.PreferencePair;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExpertDiagnosticsTest {

  private static final List<String> NAMES = List.of("long", "short", "unused");

  /** Two pairs of tea, two of ships; the first expert knows tea, the second ships. */
  private static final ExpertDiagnostics SMALL =
      ExpertDiagnostics.of(
          NAMES,
          List.of(pair("tea"), pair("tea"), pair("ships"), pair("ships")),
          new float[][] {{0.9f, 0.1f, 0}, {0.7f, 0.3f, 0}, {0, 1, 0}, {0, 1, 0}},
          new float[][] {{1, -1, 0}, {2, -8, 0}, {-1, 1, 0}, {1, 3, 0}},
          1,
          1);

  @Test
  void theRoutingMapHoldsMeansOfEachDomain() {
    assertThat(SMALL.domains()).containsExactly("Ships", "Tea");
    assertThat(SMALL.pairs()).containsExactly(2, 2);
    assertThat(SMALL.routing()[0]).containsExactly(new double[] {0, 0.8}, within(1e-6));
    assertThat(SMALL.routing()[1]).containsExactly(new double[] {1, 0.2}, within(1e-6));
  }

  @Test
  void eachExpertAloneIsJudgedInEachDomain() {
    assertThat(SMALL.accuracy()[0]).containsExactly(0.5, 1);
    assertThat(SMALL.accuracy()[1]).containsExactly(1, 0);
    assertThat(SMALL.accuracy()[2]).containsExactly(0.5, 0.5);
    assertThat(SMALL.selectivity()).containsExactly(0.5, 1, 0);
  }

  @Test
  void anExpertThatIsHardlyUsedIsDead() {
    assertThat(SMALL.usage()).containsExactly(new double[] {0.4, 0.6, 0}, within(1e-6));
    assertThat(SMALL.dead()).containsExactly(2);
  }

  @Test
  void topMCostsWhatTheDenseMixtureKnowsMore() {
    // The second pair is lost by all (0.7 * 2 - 0.3 * 8 < 0) and won by the first expert alone
    assertThat(SMALL.servedAccuracy()).isEqualTo(1);
    assertThat(SMALL.denseAccuracy()).isEqualTo(0.75);
    assertThat(SMALL.topMCost()).isEqualTo(-0.25);
  }

  @Test
  void effectiveExpertsAreOneWhenHardAndAllWhenEven() {
    assertThat(of(new float[][] {{0, 1, 0}}, new float[][] {{1, 1, 1}}).effectiveExperts())
        .isCloseTo(1, within(1e-12));
    float third = 1 / 3f;
    assertThat(
            of(new float[][] {{third, third, third}}, new float[][] {{1, 1, 1}}).effectiveExperts())
        .isCloseTo(3, within(1e-5));
  }

  @Test
  void correlationsAgreeWithPearsonsFormula() {
    Random random = new Random(5);
    int n = 200;
    float[][] margins = new float[n][3];
    float[][] routing = new float[n][];
    for (int i = 0; i < n; i++) {
      margins[i][0] = (float) random.nextGaussian();
      margins[i][1] = (float) (random.nextGaussian() - 0.7 * margins[i][0] + 3);
      routing[i] = new float[] {1, 0, 0};
    }
    double[][] correlation = of(routing, margins).correlation();

    assertThat(correlation[0][1]).isCloseTo(pearson(margins, 0, 1), within(1e-9));
    assertThat(correlation[1][0]).isEqualTo(correlation[0][1]);
    assertThat(correlation[1][1]).isCloseTo(1, within(1e-12));
    assertThat(correlation[0][2]).as("with an expert that never speaks").isZero();
  }

  @Test
  void withOneDomainThereIsNoSelectivityToSpeakOf() {
    ExpertDiagnostics one = of(new float[][] {{1, 0, 0}}, new float[][] {{1, 1, 1}});
    assertThat(one.selectivity()).containsOnly(Double.NaN);
    assertThat(one.toMarkdown()).contains("| - |");
  }

  @Test
  void theTableHoldsARowForEachExpert() {
    assertThat(SMALL.toMarkdown())
        .contains("4 pairs in 2 domains")
        .contains("dead: [2]")
        .contains("the top 1 cost -25.00 points")
        .contains("| 1 | short | 0.600 | Ships | 1.00 | Ships | 1.000 | 1.000 |");
  }

  @Test
  void rowsThatDoNotFitAreRefusedByName() {
    assertThatThrownBy(() -> of(new float[][] {{1, 0}}, new float[][] {{1, 1, 1}}))
        .hasMessageContaining("'routing'");
    assertThatThrownBy(() -> of(new float[][] {{1, 0, 0}}, new float[][] {{1, 1, 1}, {1, 1, 1}}))
        .hasMessageContaining("'margins'");
    assertThatThrownBy(() -> of(new float[0][], new float[0][])).hasMessageContaining("'pairs'");
  }

  private static ExpertDiagnostics of(float[][] routing, float[][] margins) {
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < routing.length; i++) {
      pairs.add(pair("tea"));
    }
    return ExpertDiagnostics.of(NAMES, pairs, routing, margins, 2, 1);
  }

  private static double pearson(float[][] rows, int a, int b) {
    double n = rows.length;
    double x = 0;
    double y = 0;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (float[] row : rows) {
      x += row[a];
      y += row[b];
      xx += (double) row[a] * row[a];
      yy += (double) row[b] * row[b];
      xy += (double) row[a] * row[b];
    }
    return (n * xy - x * y) / Math.sqrt((n * xx - x * x) * (n * yy - y * y));
  }

  private static PreferencePair pair(String context) {
    return new PreferencePair(
        "made", "p", null, context, new Prompt("p"), "yes", "no", 1, null, null);
  }
}
