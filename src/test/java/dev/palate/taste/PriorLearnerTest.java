package dev.palate.taste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class PriorLearnerTest {

  private static final int K = 4;
  private static final Likelihood LIKELIHOOD = new Likelihood(1, 0, 2);

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
        PriorLearner.tune(
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
        PriorLearner.tune(learned, LIKELIHOOD, Map.of("all", users(100, 30, zero, deviation)));

    double before = 0;
    double after = 0;
    TasteSolver solver = new TasteSolver(tuned, LIKELIHOOD);
    for (List<LabelMargin> labels : users(200, 40, zero, deviation)) {
      double[] shift = solver.solve(labels.subList(0, 10)).shift();
      before += accuracy(labels.subList(10, 40), tuned.mean());
      after += accuracy(labels.subList(10, 40), shift);
    }
    assertThat(after / 200).isGreaterThan(before / 200 + 0.05);
  }

  @Test
  void oneUserIsNoPopulation() {
    assertThatThrownBy(
            () -> PriorLearner.learn(users(1, 5, new double[K], new double[K]), LIKELIHOOD))
        .hasMessageContaining("'users' must be at least 2");
  }

  private static double accuracy(List<LabelMargin> labels, double[] shift) {
    return labels.stream().filter(l -> l.margin(shift, LIKELIHOOD.topM()) > 0).count()
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
        random.nextDouble() < LIKELIHOOD.probability(label.margin(shift, LIKELIHOOD.topM()));
    return kept ? label : new LabelMargin(flipped, routing, 1);
  }
}
