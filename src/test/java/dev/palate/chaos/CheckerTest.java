package dev.palate.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.chaos.Stored.Labelled;
import dev.palate.chaos.Stored.Weighted;
import dev.palate.chaos.Stored.Weights;
import dev.palate.core.taste.LabelMargin;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each of the checker's counts can fail: a good run, doctored. */
class CheckerTest {

  private static final SentLabel ONE = new SentLabel("u", "l1", "p", "a", "b", 1);
  private static final SentLabel TWO = new SentLabel("u", "l2", "p", "b", "c", .5f);

  private final History history = new History();
  private final List<Labelled> labels = new ArrayList<>();
  private Weighted user = new Weighted("u", 2, 2, 2, weights(3));
  private long jobs;

  /** In place of the solver: the number of the labels' first margins. */
  private final Checker checker =
      new Checker(
          given -> weights((float) given.stream().mapToDouble(label -> label.margins()[0]).sum()));

  private static Weights weights(float shift) {
    return new Weights(new float[] {shift}, new float[] {1}, new boolean[] {true});
  }

  private static Labelled stored(SentLabel label, float margin) {
    return new Labelled(
        label, new LabelMargin(new float[] {margin}, new float[] {1}, label.strength()));
  }

  @BeforeEach
  void aGoodRun() {
    LabelSet set = new LabelSet("u", List.of(ONE, TWO));
    history.sends(set);
    history.acknowledged(set);
    labels.add(stored(ONE, 1));
    labels.add(stored(TWO, 2));
  }

  private Verdict verdict() {
    return checker.verdict(history, new Stored(labels, List.of(user), jobs));
  }

  @Test
  void aGoodRunHolds() {
    assertThat(verdict()).isEqualTo(new Verdict(2, 0, 0, 0, 0, 0, 0, 0));
    assertThat(verdict().holds()).isTrue();
  }

  @Test
  void aLabelThatWasSentAndNotAcknowledgedMayBeThereOrNot() {
    SentLabel three = new SentLabel("u", "l3", "p", "c", "d", 1);
    history.sends(new LabelSet("u", List.of(three)));
    assertThat(verdict().holds()).isTrue();

    labels.add(stored(three, 4));
    user = new Weighted("u", 3, 3, 3, weights(7));

    assertThat(verdict().holds()).isTrue();
  }

  @Test
  void anAcknowledgedLabelThatIsNotThereIsLost() {
    labels.removeLast();
    user = new Weighted("u", 1, 1, 1, weights(1));

    assertThat(verdict()).isEqualTo(new Verdict(2, 1, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void anAcknowledgedLabelWithOtherContentIsLostAndTheOtherWasNeverSent() {
    labels.set(1, stored(new SentLabel("u", "l2", "p", "c", "b", .5f), 2));

    assertThat(verdict()).isEqualTo(new Verdict(2, 1, 0, 1, 0, 0, 0, 0));
  }

  @Test
  void aLabelStoredTwiceIsDoubled() {
    labels.add(stored(TWO, 2));
    user = new Weighted("u", 3, 3, 3, weights(5));

    assertThat(verdict()).isEqualTo(new Verdict(2, 0, 1, 0, 0, 0, 0, 0));
  }

  @Test
  void aLabelCountedTwiceIsDoubled() {
    user = new Weighted("u", 3, 3, 2, weights(3));

    assertThat(verdict()).isEqualTo(new Verdict(2, 0, 1, 0, 0, 0, 0, 0));
  }

  @Test
  void aLabelThatNobodySentIsCounted() {
    labels.add(stored(new SentLabel("u", "l9", "p", "a", "b", 1), 4));
    user = new Weighted("u", 3, 3, 3, weights(7));

    assertThat(verdict()).isEqualTo(new Verdict(2, 0, 0, 1, 0, 0, 0, 0));
  }

  @Test
  void weightsThatAreOffByTheLastBitHaveDiverged() {
    user = new Weighted("u", 2, 2, 2, weights(Math.nextUp(3f)));

    assertThat(verdict()).isEqualTo(new Verdict(2, 0, 0, 0, 1, 0, 0, 0));
  }

  @Test
  void weightsOfFewerLabelsThatClaimToBeCurrentHaveDiverged() {
    user = new Weighted("u", 2, 2, 1, weights(1));

    assertThat(verdict()).isEqualTo(new Verdict(2, 0, 0, 0, 1, 0, 0, 0));
  }

  @Test
  void aUserWhoseWeightsAreBehindIsUnsolved() {
    user = new Weighted("u", 2, 1, 1, weights(1));

    assertThat(verdict()).isEqualTo(new Verdict(2, 0, 0, 0, 0, 1, 0, 0));
    assertThat(verdict().isSettled()).isFalse();
  }

  @Test
  void aUserWithoutWeightsIsUnsolved() {
    user = new Weighted("u", 2, -1, 0, null);

    assertThat(verdict()).isEqualTo(new Verdict(2, 0, 0, 0, 0, 1, 0, 0));
  }

  @Test
  void aJobThatIsLeftIsCounted() {
    jobs = 1;

    assertThat(verdict()).isEqualTo(new Verdict(2, 0, 0, 0, 0, 0, 1, 0));
    assertThat(verdict().isSettled()).isFalse();
  }

  @Test
  void aReadingThatIsOlderThanOneBeforeItWentBack() {
    history.read("u", 0, 5);
    history.read("u", history.newest("u"), 4);

    assertThat(verdict()).isEqualTo(new Verdict(2, 0, 0, 0, 0, 0, 0, 1));
  }

  @Test
  void aReadingThatBeganBeforeTheNewerOneEndedMayBeOlder() {
    long before = history.newest("u");
    history.read("u", before, 5);
    history.read("u", before, 4);

    assertThat(verdict().holds()).isTrue();
  }
}
