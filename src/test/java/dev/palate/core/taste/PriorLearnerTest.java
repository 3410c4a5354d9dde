package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PriorLearnerTest {

  private static final int K = 4;
  private static final Likelihood LIKELIHOOD = new Likelihood(1, 0, 2);

  private static final double[] FULL = {1, 1, 1, 1};

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);

  @Test
  void itRecoversHowUsersDiffer() {
    double[] deviation = {2, 1, 0.2, 0.2};

    Prior learned = PriorLearner.learn(users(400, 40, new double[K], deviation), LIKELIHOOD);

    assertThat(learned.mean()).containsOnly(0);
    assertThat(Math.sqrt(learned.covariance()[0][0])).isCloseTo(2, within(0.4));
    assertThat(Math.sqrt(learned.covariance()[1][1])).isCloseTo(1, within(0.3));
    assertThat(Math.sqrt(learned.covariance()[2][2])).isLessThan(0.5);
  }

  @Test
  void usersWhoDoNotDifferGiveAPriorThatHardlyMoves() {
    double[] nobodyDiffers = new double[K];
    Prior learned = PriorLearner.learn(users(200, 20, nobodyDiffers, nobodyDiffers), LIKELIHOOD);

    Prior tuned =
        PriorTuning.tune(
            learned, LIKELIHOOD, Map.of("all", users(200, 30, nobodyDiffers, nobodyDiffers)));

    for (int j = 0; j < K; j++) {
      assertThat(Math.sqrt(tuned.covariance()[j][j])).isLessThan(0.2);
    }
  }

  @Test
  void usersWhoDifferGainFromTheTunedPrior() {
    double[] deviation = {2, 2, 2, 2};
    double[] zero = new double[K];
    Prior learned = PriorLearner.learn(users(200, 30, zero, deviation), LIKELIHOOD);

    Prior tuned =
        PriorTuning.tune(learned, LIKELIHOOD, Map.of("all", users(100, 30, zero, deviation)));

    double before = 0;
    double after = 0;
    TasteSolver solver = new TasteSolver(tuned, LIKELIHOOD);
    for (List<LabelMargin> labels : users(200, 40, zero, deviation)) {
      double[] shift = solver.solve(labels.subList(0, 10)).shift();
      before += accuracy(labels.subList(10, 40), new double[K], tuned);
      after += accuracy(labels.subList(10, 40), shift, tuned);
    }
    assertThat(after / 200).isGreaterThan(before / 200 + 0.05);
  }

  /** In one domain people differ much, in the other not at all; the router tells them apart. */
  @Test
  void leewayIsGivenWherePeopleDifferAndNowhereElse() {
    double[] zero = new double[K];
    double[] much = {2, 2, 2, 2};
    List<List<LabelMargin>> parted = in(0, users(300, 40, zero, much));
    List<List<LabelMargin>> agreed = in(1, users(300, 40, zero, zero));
    List<List<LabelMargin>> teachers = new ArrayList<>(parted.subList(0, 150));
    teachers.addAll(agreed.subList(0, 150));
    Prior learned = PriorLearner.learn(teachers, LIKELIHOOD);

    Prior tuned =
        PriorTuning.tune(
            learned,
            LIKELIHOOD,
            Map.of("parted", parted.subList(150, 300), "agreed", agreed.subList(150, 300)));

    assertThat(tuned.leeway()[0]).isEqualTo(1);
    assertThat(tuned.leeway()[1]).isLessThan(0.4);
    assertThat(tuned.covariance()[0][0]).isGreaterThan(0.3);
  }

  /** What few say counts by likelihood alone, and buys no more than the least of the many. */
  @Test
  void aHandfulOfUsersGetsNoMoreLeewayThanTheLeastOfTheOthers() {
    double[] zero = new double[K];
    double[] some = {0.5, 0.5, 0.5, 0.5};
    List<List<LabelMargin>> many = in(0, users(300, 40, zero, some));
    List<List<LabelMargin>> few = in(1, users(3, 60, zero, new double[] {9, 9, 9, 9}));
    Prior learned = PriorLearner.learn(many.subList(0, 150), LIKELIHOOD);

    Prior tuned =
        PriorTuning.tune(learned, LIKELIHOOD, Map.of("many", many.subList(150, 300), "few", few));

    assertThat(tuned.leeway()[1]).isLessThanOrEqualTo(tuned.leeway()[0]);
  }

  @Test
  void aDomainThatLabelsHurtIsServedThePriorAndTheOthersLoseNothingByIt() {
    BesideHurt tuned = besideHurt(0);

    assertThat(tuned.both().leeway()[1]).isZero();
    assertThat(tuned.both().leeway()[0]).isEqualTo(tuned.alone().leeway()[0]).isPositive();
    assertThat(tuned.both().covariance()).isDeepEqualTo(tuned.alone().covariance());
  }

  /** They share an expert, so that whatever one is allowed the other is too. */
  @Test
  void whereADomainCanOnlyBeHelpedByTheOthersTheseGiveWay() {
    BesideHurt tuned = besideHurt(1);

    assertThat(hurts(tuned.hurt(), tuned.alone())).isTrue();
    assertThat(hurts(tuned.hurt(), tuned.both())).isFalse();
  }

  /** What many users who differ are allowed alone, and beside a few whom labels hurt. */
  private record BesideHurt(List<List<LabelMargin>> hurt, Prior alone, Prior both) {}

  /**
   * The few toss coins, where the model says nothing either: whatever is learned from some of their
   * labels is wrong of the others. They are routed to expert 1.
   *
   * @param expert the many are routed to
   */
  private BesideHurt besideHurt(int expert) {
    double[] zero = new double[K];
    double[] much = {2, 2, 2, 2};
    List<List<LabelMargin>> many = in(expert, users(300, 40, zero, much));
    List<List<LabelMargin>> hurt =
        in(1, users(19, 60, zero, much).stream().map(this::tossed).toList());
    Prior learned = PriorLearner.learn(many.subList(0, 150), LIKELIHOOD);
    List<List<LabelMargin>> unseen = many.subList(150, 300);
    return new BesideHurt(
        hurt,
        PriorTuning.tune(learned, LIKELIHOOD, Map.of("many", unseen)),
        PriorTuning.tune(learned, LIKELIHOOD, Map.of("many", unseen, "hurt", hurt)));
  }

  /** Whether the users lose at any number of labels. */
  private static boolean hurts(List<List<LabelMargin>> users, Prior prior) {
    ShotQuality[] before = qualities(users, prior.scaled(0));
    ShotQuality[] after = qualities(users, prior);
    return IntStream.range(0, before.length).anyMatch(i -> after[i].hurts(before[i]));
  }

  private static ShotQuality[] qualities(List<List<LabelMargin>> users, Prior prior) {
    return ShotQuality.of(users, new TasteSolver(prior, LIKELIHOOD), prior, LIKELIHOOD);
  }

  private List<LabelMargin> tossed(List<LabelMargin> labels) {
    return labels.stream()
        .map(label -> {
          float[] margins = label.margins().clone();
          float sign = random.nextBoolean() ? 1 : -1;
          for (int j = 0; j < K; j++) {
            margins[j] *= sign;
          }
          margins[1] = 0; // all that is routed to there
          return new LabelMargin(margins, label.routing(), 1);
        })
        .toList();
  }

  @Test
  void oneUserIsNoPopulation() {
    assertThatThrownBy(
            () -> PriorLearner.learn(users(1, 5, new double[K], new double[K]), LIKELIHOOD))
        .hasMessageContaining("'users' must be at least 2");
  }

  private static double accuracy(List<LabelMargin> labels, double[] shift, Prior prior) {
    return labels.stream()
            .filter(l -> l.margin(shift, prior.leeway(), LIKELIHOOD.topM()) > 0)
            .count()
        / (double) labels.size();
  }

  /** Users whose shifts are normal around {@code mean}, and labels drawn from the likelihood. */
  private List<List<LabelMargin>> users(int count, int labels, double[] mean, double[] deviation) {
    List<List<LabelMargin>> users = new ArrayList<>();
    for (int u = 0; u < count; u++) {
      double[] shift = new double[K];
      for (int j = 0; j < K; j++) {
        shift[j] = mean[j] + deviation[j] * random.nextGaussian();
      }
      List<LabelMargin> drawn = new ArrayList<>();
      for (int i = 0; i < labels; i++) {
        drawn.add(label(shift));
      }
      users.add(drawn);
    }
    return users;
  }

  /** The same labels at prompts that are all routed to one expert, whose margins say nothing. */
  private static List<List<LabelMargin>> in(int expert, List<List<LabelMargin>> users) {
    float[] routing = new float[K];
    routing[expert] = 1;
    return users.stream()
        .map(labels -> labels.stream().map(l -> new LabelMargin(l.margins(), routing, 1)).toList())
        .toList();
  }

  private LabelMargin label(double[] shift) {
    float[] margins = new float[K];
    float[] routing = new float[K];
    float[] flipped = new float[K];
    for (int j = 0; j < K; j++) {
      margins[j] = (float) random.nextGaussian();
      flipped[j] = -margins[j];
      routing[j] = 1f / K;
    }
    LabelMargin label = new LabelMargin(margins, routing, 1);
    boolean kept =
        random.nextDouble() < LIKELIHOOD.probability(label.margin(shift, FULL, LIKELIHOOD.topM()));
    return kept ? label : new LabelMargin(flipped, routing, 1);
  }
}
