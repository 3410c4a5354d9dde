package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NextComparisonsTest {

  private static final Likelihood LIKELIHOOD = new Likelihood(1.3, 0.05, 2);
  private static final float[] ROUTING = {0.5f, 0.3f, 0.2f};

  private static List<NextComparisons.Choice> choose(
      Prior prior, List<LabelMargin> labels, List<LabelMargin> pairs, int limit) {
    return NextComparisons.choose(
        new TasteSolver(prior, LIKELIHOOD).posterior(labels),
        prior.leeway(),
        LIKELIHOOD,
        pairs,
        limit);
  }

  private static LabelMargin pair(float... margins) {
    return new LabelMargin(margins, ROUTING, 1);
  }

  /** Users drawn from the posterior, all that was written about matrices left out. */
  @Test
  void theFirstHasTheMutualInformationOfLabelsAndDrawnUsers() {
    Random random = new Random(5);
    int k = 4;
    Prior prior = Cases.prior(k, random, 1);
    List<LabelMargin> labels = Cases.labels(6, k, random, 1);
    List<LabelMargin> pairs = Cases.labels(5, k, random, 1);
    TasteSolver.Posterior posterior = new TasteSolver(prior, LIKELIHOOD).posterior(labels);

    double[] drawn = new double[pairs.size()];
    int draws = 200_000;
    double[][] factor = new Prior(new double[k], posterior.covariance()).whitening();
    double[] mean = new double[pairs.size()];
    for (int draw = 0; draw < draws; draw++) {
      double[] shift = posterior.shift().clone();
      for (int i = 0; i < k; i++) {
        double z = random.nextGaussian();
        for (int j = i; j < k; j++) {
          shift[j] += z * factor[i][j];
        }
      }
      for (int i = 0; i < drawn.length; i++) {
        double p = LIKELIHOOD.probability(pairs.get(i).margin(shift, prior.leeway(), 2));
        mean[i] += p / draws;
        drawn[i] += (p * Math.log(p) + (1 - p) * Math.log(1 - p)) / draws;
      }
    }
    int best = 0;
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] -= mean[i] * Math.log(mean[i]) + (1 - mean[i]) * Math.log(1 - mean[i]);
      best = drawn[i] > drawn[best] ? i : best;
    }

    NextComparisons.Choice first = choose(prior, labels, pairs, 1).getFirst();
    assertThat(first.index()).isEqualTo(best);
    assertThat(first.nats()).isCloseTo(drawn[best], within(0.003));
    double margin = pairs.get(best).margin(posterior.shift(), prior.leeway(), 2);
    assertThat(first.probability()).isEqualTo(LIKELIHOOD.probability(margin));
  }

  @Test
  void aListAsksEachThingOnceBeforeItAsksOneAgain() {
    Prior prior = Prior.isotropic(3, 3);
    List<LabelMargin> pairs =
        List.of(pair(1.2f, 0, 0), pair(1.2f, 0, 0), pair(0, 1, 0), pair(1.2f, 0, 0), pair(0, 0, 1));

    List<NextComparisons.Choice> choices = choose(prior, List.of(), pairs, 3);

    assertThat(choices.stream().map(NextComparisons.Choice::index))
        .as("the first, then what it says nothing of")
        .containsExactlyInAnyOrder(0, 2, 4);
  }

  @Test
  void aPairThatWasLabelledTeachesLessThanBefore() {
    Prior prior = Prior.isotropic(3, 2);
    LabelMargin pair = pair(1, -0.5f, 0);
    double before = choose(prior, List.of(), List.of(pair), 1).getFirst().nats();
    double after = choose(prior, List.of(pair, pair), List.of(pair), 1).getFirst().nats();
    assertThat(after).isLessThan(before / 2).isPositive();
  }

  /** Faint labels bend the loss alike wherever they lie: what is expected of them is what comes. */
  @Test
  void whatIsExpectedOfTheOthersIsWhatTheLabelsLeave() {
    Likelihood faint = new Likelihood(0.05, 0.1, 2);
    Prior prior = Prior.isotropic(3, 1);
    Random random = new Random(2);
    List<LabelMargin> pairs = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      pairs.add(pair(9 + random.nextFloat(), random.nextFloat(), random.nextFloat()));
    }
    TasteSolver solver = new TasteSolver(prior, faint);

    List<NextComparisons.Choice> all =
        NextComparisons.choose(solver.posterior(List.of()), prior.leeway(), faint, pairs, 16);

    List<LabelMargin> labelled = new ArrayList<>();
    for (NextComparisons.Choice choice : all) {
      LabelMargin pair = pairs.get(choice.index());
      double now =
          NextComparisons.choose(
                  solver.posterior(labelled), prior.leeway(), faint, List.of(pair), 1)
              .getFirst()
              .nats();
      assertThat(choice.nats() / now).as("after %d", labelled.size()).isCloseTo(1, within(0.03));
      // By turns the first and the second wins, so that nothing is learned but that
      labelled.add(labelled.size() % 2 == 0 ? pair : swapped(pair));
    }
    assertThat(all.getLast().nats()).isLessThan(0.75 * all.getFirst().nats());
  }

  private static LabelMargin swapped(LabelMargin pair) {
    float[] margins = pair.margins();
    return pair(-margins[0], -margins[1], -margins[2]);
  }

  @Test
  void swappedResponsesTeachTheSame() {
    Prior prior = Prior.isotropic(3, 1);
    var one = choose(prior, List.of(pair(1, 0, 1)), List.of(pair(1, -0.5f, 0)), 1).getFirst();
    var other = choose(prior, List.of(pair(1, 0, 1)), List.of(pair(-1, 0.5f, 0)), 1).getFirst();
    assertThat(other.nats()).isCloseTo(one.nats(), within(1e-14));
    assertThat(other.probability()).isCloseTo(1 - one.probability(), within(1e-12));
  }

  @Test
  void eachPairComesOnceTheMostInformativeFirst() {
    Random random = new Random(3);
    Prior prior = Cases.prior(8, random, 1);
    List<LabelMargin> pairs = Cases.labels(30, 8, random, 2);
    List<NextComparisons.Choice> choices =
        choose(prior, Cases.labels(12, 8, random, 1), pairs, 100);
    Set<Integer> seen = new HashSet<>();
    choices.forEach(choice -> seen.add(choice.index()));
    assertThat(seen).hasSize(30);
    for (int i = 1; i < choices.size(); i++) {
      assertThat(choices.get(i).nats()).isLessThanOrEqualTo(choices.get(i - 1).nats() + 1e-12);
    }
    assertThat(choose(prior, List.of(), List.of(), 5)).isEmpty();
  }

  @Test
  void aPairOfAnotherModelIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> choose(Prior.isotropic(2, 1), List.of(), List.of(pair(1, 2, 3)), 1))
        .withMessageContaining("'margins'");
  }
}
