package dev.palate.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.bundle.Head;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.train.ExpertPruning.Step;
import dev.palate.tier.NeedsEngine;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@NeedsEngine
class ExpertPruningTest {

  private static final TrainingSettings SETTINGS =
      new TrainingSettings(4, 32, 8, 256, 1e-2, 5e-3, 1, 0.3, 0.05, 1e-4, 1000, 1);

  private static final EncodedPairs PAIRS = HiddenGroups.draw(4, 2000, 12, 2).pairs();
  private static Head trained =
      new Head(new float[0][], new float[0], new float[0][], new float[0], new float[0][]);

  @BeforeAll
  static void train() {
    trained =
        new Trainer(SETTINGS, 2)
            .train(HiddenGroups.draw(4, 6000, 12, 1).pairs(), PAIRS, epoch -> {})
            .head();
  }

  @Test
  void aHeadWithoutWasteStaysAsItIs() {
    ExpertPruning.Result result = prune(trained);
    assertThat(result.steps()).isEmpty();
    assertThat(result.head()).isSameAs(trained);
    assertThat(result.after()).isEqualTo(result.before());
  }

  @Test
  void anExpertThatNoPromptNeedsIsDroppedAndNoMarginMoves() {
    Head wasteful = with(trained, trained.routerOut()[0], -30, noise(1, 12));
    ExpertPruning.Result result = prune(wasteful);
    assertThat(result.steps()).singleElement().isInstanceOf(Step.Dropped.class);
    assertThat(result.kept()).containsExactly(0, 1, 2, 3);
    assertThat(margins(result.head())).containsExactly(margins(wasteful), within(1e-5));
  }

  @Test
  void droppingAnExpertInUseLeavesTheOthersShares() {
    // used by a hundredth everywhere: below .2 / 5
    Head wasteful = constantShare(trained, Math.log(0.01));
    ExpertPruning.Result result = prune(wasteful);
    assertThat(result.steps()).singleElement().isInstanceOf(Step.Dropped.class);
    float[][] before = PairScores.of(wasteful, PAIRS).routing();
    float[][] after = PairScores.of(result.head(), PAIRS).routing();
    for (int i = 0; i < before.length; i++) {
      for (int k = 0; k < 4; k++) {
        assertThat((double) after[i][k]).isCloseTo(before[i][k] / (1 - before[i][4]), within(1e-5));
      }
    }
  }

  @Test
  void twinsThatShareEveryPromptAlikeAreMergedExactly() {
    // the second takes a third of the first's routing everywhere
    Head twins =
        with(
            raised(trained, 2, Math.log(2.0 / 3)),
            trained.routerOut()[2],
            trained.routerOutBias()[2] + Math.log(1.0 / 3),
            trained.experts()[2]);
    ExpertPruning.Result result = prune(twins);
    assertThat(result.steps())
        .singleElement()
        .isInstanceOfSatisfying(
            Step.Merged.class,
            merged -> {
              assertThat(merged.kept()).isEqualTo(2);
              assertThat(merged.gone()).isEqualTo(4);
              assertThat(merged.correlation()).isCloseTo(1, within(1e-6));
            });
    assertThat(margins(result.head())).containsExactly(margins(trained), within(0.02));
    assertThat(result.after().experts()).isEqualTo(4);
  }

  @Test
  void twinsThatDividedTheirPromptsAreMergedAtHardlyAnyCost() {
    // the twin's routing differs from prompt to prompt, and a little its direction
    float[] row = trained.routerOut()[1].clone();
    float[] direction = trained.experts()[1].clone();
    Random random = new Random(5);
    for (int j = 0; j < row.length; j++) {
      row[j] += (float) (0.2 * random.nextGaussian());
    }
    for (int j = 0; j < direction.length; j++) {
      direction[j] *= (float) (1 + 0.1 * random.nextGaussian());
    }
    Head twins = with(trained, row, trained.routerOutBias()[1], direction);
    twins = with(trained, row, trained.routerOutBias()[1] - lead(twins), direction);
    PairScores scores = PairScores.of(twins, PAIRS);
    ExpertPruning.Result result = prune(twins);
    assertThat(result.steps()).singleElement().isInstanceOf(Step.Merged.class);
    double[] share = new double[PAIRS.size()];
    Arrays.setAll(share, i -> share(scores.routing()[i]));
    assertThat(Arrays.stream(share).max().orElseThrow())
        .isGreaterThan(Arrays.stream(share).min().orElseThrow() + 0.3);
    assertThat(result.after().accuracy()).isCloseTo(result.before().accuracy(), within(0.01));
    assertThat(result.after().logLoss()).isLessThan(result.before().logLoss() + 0.01);
  }

  @Test
  void twoExpertsAreLeftHoweverAlike() {
    float[][] rows = new float[5][];
    float[][] experts = new float[5][];
    Arrays.setAll(rows, k -> trained.routerOut()[k % 4]);
    Arrays.setAll(experts, k -> trained.experts()[0]);
    ExpertPruning.Result result =
        prune(
            new Head(
                trained.routerHidden(), trained.routerHiddenBias(), rows, new float[5], experts));
    assertThat(result.head().expertCount()).isEqualTo(2);
  }

  /** How much further the last expert's logit is than that of expert 1, where either is wanted. */
  private static double lead(Head head) {
    return Arrays.stream(PairScores.of(head, PAIRS).routing())
        .filter(routing -> routing[1] + routing[4] > 0.5)
        .mapToDouble(routing -> Math.log(routing[4] / routing[1]))
        .average()
        .orElseThrow();
  }

  /** Of the twins' routing, what the second has; a half where neither is wanted. */
  private static double share(float[] routing) {
    double both = routing[1] + routing[4];
    return both > 0.5 ? routing[4] / both : 0.5;
  }

  private static ExpertPruning.Result prune(Head head) {
    return new ExpertPruning(PAIRS, ones(), 2, true).prune(head);
  }

  private static double[] margins(Head head) {
    return PairScores.of(head, PAIRS).margins(Integer.MAX_VALUE);
  }

  /** One more expert. */
  private static Head with(Head head, float[] routerRow, double bias, float[] direction) {
    int k = head.expertCount();
    float[][] rows = Arrays.copyOf(head.routerOut(), k + 1);
    float[] biases = Arrays.copyOf(head.routerOutBias(), k + 1);
    float[][] experts = Arrays.copyOf(head.experts(), k + 1);
    rows[k] = routerRow;
    biases[k] = (float) bias;
    experts[k] = direction;
    return new Head(head.routerHidden(), head.routerHiddenBias(), rows, biases, experts);
  }

  private static Head raised(Head head, int expert, double by) {
    float[] biases = head.routerOutBias().clone();
    biases[expert] += (float) by;
    return new Head(
        head.routerHidden(), head.routerHiddenBias(), head.routerOut(), biases, head.experts());
  }

  /** One more expert whose logit follows another's mean, so that it is used a little throughout. */
  private static Head constantShare(Head head, double bias) {
    float[] mean = new float[head.routerHidden().length];
    return with(head, mean, bias, noise(3, 12));
  }

  private static float[] noise(long seed, int n) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int j = 0; j < n; j++) {
      values[j] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double[] ones() {
    double[] ones = new double[PAIRS.size()];
    Arrays.fill(ones, 1);
    return ones;
  }
}
