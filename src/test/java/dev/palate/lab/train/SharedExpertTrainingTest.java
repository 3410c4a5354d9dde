package dev.palate.lab.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.model.Prompt;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.MixtureSolver;
import dev.palate.core.taste.UserPosterior;
import dev.palate.core.traits.SharedExperts;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.PairScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SharedExpertTrainingTest {

  private static final Likelihood ROUTED = new Likelihood(1, 0, 1);
  private static final List<String> SENTENCES =
      List.of(
          "Water the plants early in the morning.",
          "The train leaves from platform nine.",
          "Add the flour and stir until it is smooth.",
          "Most people finish this in an hour.",
          "Save the file before you close the window.",
          "A walk after lunch helps you to sleep.",
          "The museum is closed on Mondays.");

  /** Whether a rater prefers the shorter of two texts. */
  private interface Taste {
    boolean shorter(int user, Random random);
  }

  private static TrainingData pairs(int users, int each, Taste taste) {
    Random random = new Random(7);
    List<PreferencePair> pairs = new ArrayList<>();
    for (int user = 0; user < users; user++) {
      for (int i = 0; i < each; i++) {
        String few = text(random, 1 + random.nextInt(2), user + "-" + i);
        String many = text(random, 5 + random.nextInt(4), user + "+" + i);
        boolean shorter = taste.shorter(user, random);
        pairs.add(pair("u" + user, user + "." + i, shorter ? few : many, shorter ? many : few));
      }
    }
    return new TrainingData(
        List.of(), pairs, pairs.stream().map(pair -> Split.TRAIN).toList(), List.of(), List.of());
  }

  private static String text(Random random, int sentences, String mark) {
    StringBuilder text = new StringBuilder("Note " + mark + ".");
    for (int i = 0; i < sentences; i++) {
      text.append(' ').append(SENTENCES.get(random.nextInt(SENTENCES.size())));
    }
    return text.toString();
  }

  private static PreferencePair pair(
      @Nullable String user, String id, String chosen, String rejected) {
    return new PreferencePair(
        "made", id, user, "", new Prompt("Question " + id), chosen, rejected, 1, null, null);
  }

  /** One routed expert that says nothing. */
  private static PairScores routed(int n) {
    return new PairScores(
        IntStream.range(0, n).mapToObj(i -> new float[1]).toArray(float[][]::new),
        IntStream.range(0, n).mapToObj(i -> new float[] {1}).toArray(float[][]::new));
  }

  private static SharedExpertTraining.Trained trained(TrainingData data) {
    return SharedExpertTraining.train(data, data, routed(data.pairs().size()), ROUTED, 1000);
  }

  private static int brevity(SharedExperts experts) {
    return experts.names().indexOf("Brevity");
  }

  private static Likelihood likelihood(PairScores scores) {
    return new Likelihood(1, 0, 1, scores.shared());
  }

  @Test
  void whatAllRatersPreferBecomesThePopulationsWeight() {
    SharedExpertTraining.Trained shorter =
        trained(pairs(10, 20, (user, random) -> random.nextInt(10) > 0));
    assertThat(shorter.experts().population()[brevity(shorter.experts())]).isGreaterThan(0.3f);
    SharedExpertTraining.Trained longer =
        trained(pairs(10, 20, (user, random) -> random.nextInt(10) == 0));
    assertThat(longer.experts().population()[brevity(longer.experts())]).isLessThan(-0.3f);
  }

  @Test
  void scoresHoldTheRoutedExpertThenTheSharedOnes() {
    TrainingData data = pairs(4, 10, (user, random) -> true);
    SharedExpertTraining.Trained trained = trained(data);
    int shared = trained.experts().expertCount();
    PairScores scores = trained.scores();
    assertThat(scores.shared()).isEqualTo(shared);
    assertThat(scores.margins()[0]).hasSize(1 + shared);
    assertThat(scores.margins()[0][1 + brevity(trained.experts())]).isPositive();
    assertThat(scores.routed().margins()[0]).hasSize(1);
    assertThat(scores.margins(1)[0])
        .as("the population's weights are no part of the routing's sum of 1")
        .isEqualTo(
            IntStream.range(0, shared)
                .mapToDouble(j -> trained.experts().population()[j] * scores.margins()[0][1 + j])
                .sum(),
            org.assertj.core.api.Assertions.within(1e-4));
  }

  @Test
  void ratersOfOppositeTastesGiveAPriorThatHearsAUserWithinFiveLabels() {
    TrainingData data = pairs(40, 12, (user, random) -> user % 2 == 0);
    SharedExpertTraining.Trained trained = trained(data);
    PairScores scores = trained.scores();
    LearnedPrior.Scaled prior = LearnedPrior.learnShared(data, scores, likelihood(scores), 1);
    int brevity = 1 + brevity(trained.experts());
    assertThat(prior.prior().covariance()[brevity][brevity]).isGreaterThan(0.1);
    assertThat(prior.prior().covariance()[0][0]).as("routed experts do not shift").isLessThan(1e-6);

    MixtureSolver solver = new MixtureSolver(prior.prior(), likelihood(scores), prior.grid());
    for (int user = 0; user < 2; user++) {
      int first = 12 * user;
      UserPosterior taste =
          solver.solve(
              IntStream.range(first, first + 5).mapToObj(i -> scores.label(i, 1)).toList());
      long right =
          IntStream.range(first + 5, first + 12)
              .filter(i ->
                  scores
                          .label(i, 1)
                          .margin(taste.shift(), prior.prior().leeway(), likelihood(scores))
                      > 0)
              .count();
      // the bound on the prior's deviations leaves a pair whose lengths hardly differ
      assertThat(right).as("of 7 pairs of user %d", user).isGreaterThanOrEqualTo(6);
    }
  }

  @Test
  void withFewRatersThePriorIsTheStatedOne() {
    TrainingData data = pairs(4, 50, (user, random) -> user % 2 == 0);
    PairScores scores = trained(data).scores();
    LearnedPrior.Scaled prior = LearnedPrior.learnShared(data, scores, likelihood(scores), 1);
    assertThat(Math.sqrt(prior.prior().covariance()[1][1]))
        .isEqualTo(0.5, org.assertj.core.api.Assertions.within(1e-9));
    assertThat(prior.grid().scales()).hasSize(6);
  }

  @Test
  void theSameDataGiveTheSameExperts() {
    TrainingData data = pairs(6, 20, (user, random) -> random.nextBoolean());
    assertThat(trained(data).experts().population())
        .isEqualTo(trained(data).experts().population());
  }
}
