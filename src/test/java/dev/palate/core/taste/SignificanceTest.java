package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MODEL.md's bounds, on simulated users of fixed seeds; {@link SignificanceStudy} has more. */
class SignificanceTest {

  private static final int USERS = 500;

  private static final SignificanceStudy UNCORRELATED =
      new SignificanceStudy(0, 0, SignificanceStudy.LEARNED);
  private static final SignificanceStudy CORRELATED =
      new SignificanceStudy(0.4, 0, SignificanceStudy.LEARNED);
  private static final SignificanceStudy WITH_POPULATION =
      new SignificanceStudy(0.4, 0.3, SignificanceStudy.LEARNED);
  private static final SignificanceStudy ONE_SCALE =
      new SignificanceStudy(0.4, 0.3, ScaleGrid.SINGLE);

  @ParameterizedTest
  @ValueSource(ints = {5, 10, 20, 50, 200})
  void usersWhoFlipCoinsGetAClaimInAtMostATenthOfCases(int n) {
    for (SignificanceStudy study : List.of(UNCORRELATED, WITH_POPULATION)) {
      SignificanceStudy.Rates rates = study.rates(SignificanceStudy.Taste.COINS, n, USERS);
      assertThat(rates.any()).isLessThanOrEqualTo(0.10);
      assertThat(rates.experts()).isLessThanOrEqualTo(0.05);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 10, 20, 50, 200})
  void usersOfThePopulationsTasteGetAClaimInAtMostATenthOfCases(int n) {
    assertThat(WITH_POPULATION.rates(SignificanceStudy.Taste.POPULATION, n, USERS).any())
        .isLessThanOrEqualTo(0.10);
  }

  @Test
  void theOneTraitThatDecidesIsClaimedFirstAndNoOtherAfterTwentyLabels() {
    for (SignificanceStudy study : List.of(UNCORRELATED, CORRELATED, WITH_POPULATION, ONE_SCALE)) {
      SignificanceStudy.Rates rates = study.rates(SignificanceStudy.Taste.ONE_TRAIT, 20, USERS);
      assertThat(rates.truth()).isGreaterThanOrEqualTo(0.80);
      assertThat(rates.first()).isGreaterThanOrEqualTo(0.80);
      assertThat(rates.wrong()).isLessThanOrEqualTo(0.10);
    }
  }

  @ParameterizedTest
  @CsvSource({"5, 0", "10, .5", "50, .98", "200, .98"})
  void atOtherNumbersOfLabelsNoOtherTraitIsClaimedEither(int n, double atLeast) {
    SignificanceStudy.Rates rates =
        WITH_POPULATION.rates(SignificanceStudy.Taste.ONE_TRAIT, n, USERS);
    assertThat(rates.truth()).isGreaterThanOrEqualTo(atLeast);
    assertThat(rates.wrong()).isLessThanOrEqualTo(0.10);
  }

  @Test
  void aTasteWithExceptionsIsClaimedAfterFiftyLabels() {
    SignificanceStudy.Rates rates =
        CORRELATED.rates(SignificanceStudy.Taste.ONE_TRAIT_NOISY, 50, USERS);
    assertThat(rates.truth()).isGreaterThanOrEqualTo(0.80);
    assertThat(rates.wrong()).isLessThanOrEqualTo(0.10);
  }

  @Test
  void bothOfTwoTraitsAreClaimedWhereLabelsAreMany() {
    SignificanceStudy.Rates rates =
        WITH_POPULATION.rates(SignificanceStudy.Taste.TWO_TRAITS, 200, 100);
    assertThat(rates.truth()).isGreaterThanOrEqualTo(0.95);
    assertThat(rates.wrong()).isLessThanOrEqualTo(0.05);
  }

  @Test
  void fourLabelsClaimNothing() {
    for (int n = 0; n <= 4; n++) {
      assertThat(solved(Prior.isotropic(1, 2), repeated(n, new float[] {3})).significant())
          .containsOnly(false);
    }
  }

  @Test
  void ofOneHypothesisFiveConsistentLabelsAreEnough() {
    assertThat(solved(Prior.isotropic(1, 2), repeated(5, new float[] {3})).significant())
        .containsOnly(true);
  }

  @Test
  void anExpertOfNearlyNoPriorVarianceIsNeverClaimed() {
    Prior prior = new Prior(new double[2], new double[][] {{0.9e-6, 0}, {0, 1}});
    boolean[] significant = solved(prior, repeated(30, new float[] {1, 0})).significant();
    assertThat(significant).containsOnly(false);
  }

  @Test
  void anExpertOfNearlyNoPriorVarianceIsNoHypothesis() {
    // Against 13 hypotheses five labels would not do
    double[][] covariance = new double[13][13];
    for (int j = 0; j < 13; j++) {
      covariance[j][j] = j == 12 ? 1 : 1e-8;
    }
    float[] margins = new float[13];
    margins[12] = 1;
    Prior prior = new Prior(new double[13], covariance);
    assertThat(solved(prior, repeated(5, margins)).significant()[12]).isTrue();
  }

  @Test
  void ofTwoExpertsThatTheLabelsCannotTellApartNeitherIsClaimed() {
    boolean[] significant =
        solved(Prior.isotropic(2, 1), repeated(50, new float[] {1, 1})).significant();
    assertThat(significant).containsOnly(false);
  }

  @Test
  void aStatedTasteIsNotSignificantWithoutEvidence() {
    Prior stated = new Prior(new double[] {5, 0}, Prior.isotropic(2, 0.3).covariance());
    assertThat(solved(stated, List.of()).significant()).containsOnly(false);
    List<LabelMargin> coins = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      float side = i % 2 == 0 ? 1 : -1;
      coins.add(new LabelMargin(new float[] {side, side * (i % 4 - 1)}, new float[2], 1));
    }
    assertThat(solved(stated, coins).significant()).containsOnly(false);
  }

  @Test
  void hugeAndTinyMarginsGiveAnAnswer() {
    for (float size : new float[] {1e-30f, 1e-10f, 1e10f, 1e30f}) {
      List<LabelMargin> labels = repeated(20, new float[] {size});
      assertThat(solved(Prior.isotropic(1, 1), labels).significant()).hasSize(1);
    }
  }

  /** Of weak labels many more are needed than of full ones. */
  @Test
  void weakLabelsAreWeakEvidence() {
    List<LabelMargin> weak = new ArrayList<>();
    for (LabelMargin label : repeated(20, new float[] {1})) {
      weak.add(new LabelMargin(label.margins(), label.routing(), 0.05));
    }
    assertThat(solved(Prior.isotropic(1, 1), weak).significant()).containsOnly(false);
  }

  @Test
  void theStatisticAgainstCoinsIsThatOfItsDefinition() {
    Random random = new Random(4);
    double[] x = random.doubles(9, -1, 1).toArray();
    double[] given = random.doubles(9, -1, 1).toArray();
    double[] strengths = new double[9];
    Arrays.fill(strengths, 1);
    ScoreStatistic test = new ScoreStatistic(2);
    test.coins(strengths, 9);
    assertThat(test.statistic(x))
        .isCloseTo(Arrays.stream(x).sum() / Math.sqrt(dot(x, x)), within(1e-12));
    test.given(given);
    double along = dot(x, given) / dot(given, given);
    double[] left = new double[9];
    for (int i = 0; i < 9; i++) {
      left[i] = x[i] - along * given[i];
    }
    double expected = Arrays.stream(left).sum() / Math.sqrt(dot(left, left));
    assertThat(test.statistic(x)).isCloseTo(expected, within(1e-12));
    assertThat(test.statistic(given)).isZero();
  }

  @Test
  void labelsWithoutAMarginAreCoins() {
    double[] x = {1, -2, 0.5};
    double[] strengths = {1, 0.5, 0.25};
    ScoreStatistic coins = new ScoreStatistic(1);
    coins.coins(strengths, 3);
    ScoreStatistic margins = new ScoreStatistic(1);
    margins.margins(new double[3], strengths, 3, new Likelihood(2, 0.1, 1));
    assertThat(margins.statistic(x)).isCloseTo(coins.statistic(x), within(1e-12));
  }

  /** The score equations hold, those of the wide prior included. */
  @Test
  void theFitOfClaimedExpertsIsAMaximum() {
    Random random = new Random(8);
    for (double noise : new double[] {0, 0.1}) {
      Likelihood likelihood = new Likelihood(1.3, noise, 1, 2);
      Preferences labels = new Preferences(new double[2], likelihood);
      List<LabelMargin> given = new ArrayList<>();
      for (LabelMargin label : Cases.labels(30, 2, random, 1)) {
        given.add(new LabelMargin(label.margins(), new float[] {0.5f, -0.2f}, 1));
      }
      labels.load(given);
      double[][] columns = {labels.column(0), labels.column(1)};
      double[] none = new ClaimedFit(likelihood, 2).margins(labels, columns, new double[2], 0);
      assertThat(Arrays.copyOf(none, 30)).isEqualTo(Arrays.copyOf(labels.bases(), 30));
      double[] margins =
          new ClaimedFit(likelihood, 2).margins(labels, columns, new double[] {1e-9, 1e-9}, 2);
      for (double[] column : columns) {
        double slope = 0;
        for (int i = 0; i < 30; i++) {
          double ahead = likelihood.logProbability(margins[i] + 1e-5);
          double behind = likelihood.logProbability(margins[i] - 1e-5);
          slope += column[i] * (ahead - behind) / 2e-5;
        }
        assertThat(slope).isCloseTo(0, within(1e-3));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0.158655253931457, 1",
    "0.1, 1.2815515655446",
    "0.025, 1.95996398454005",
    "0.00333333333333333, 2.71305",
    "2.86651571879194e-7, 5"
  })
  void theNormalQuantilesAreThoseOfTables(double tail, double z) {
    assertThat(NormalTail.quantile(tail)).isCloseTo(z, within(1e-5));
  }

  private static UserPosterior solved(Prior prior, List<LabelMargin> labels) {
    Likelihood likelihood = new Likelihood(1, 0, 1, prior.expertCount());
    return new MixtureSolver(prior, likelihood, SignificanceStudy.LEARNED).solve(labels);
  }

  private static List<LabelMargin> repeated(int n, float[] margins) {
    List<LabelMargin> labels = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      labels.add(new LabelMargin(margins, new float[margins.length], 1));
    }
    return labels;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
