package dev.palate.core.model.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.encoder.Sequence;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which sequences go together, and in which order. */
class TurnsTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Turns turns = new Turns(64, Clock.fixed(START, ZoneOffset.UTC));

  @Test
  void aLargeCallDoesNotMakeASmallOneWaitForItsLast() {
    Call large = call(START, 64, 64, 64);
    Call small = call(START.plusMillis(1), 16);
    turns.add(large);
    turns.add(small);

    assertThat(callsOf(turns.next())).containsExactly(large);
    assertThat(callsOf(turns.next())).containsExactly(small);
    assertThat(callsOf(turns.next())).containsExactly(large);
  }

  @Test
  void aCallOverTheAgeLimitIsServedBeforeAnyOtherUntilItIsDone() {
    Call old = call(START.minus(Turns.AGE_LIMIT).minusMillis(1), 64, 64, 64);
    Call young = call(START, 16);
    turns.add(young);
    turns.add(old);

    for (int i = 0; i < 3; i++) {
      assertThat(callsOf(turns.next())).containsExactly(old);
    }
    assertThat(callsOf(turns.next())).containsExactly(young);
    assertThat(turns.isEmpty()).isTrue();
  }

  @Test
  void theRestOfABatchIsFilledWithWhatNeedsLeastPadding() {
    Call first = call(START, 32);
    Call far = call(START, 16);
    Call near = call(START, 32);
    turns.add(first);
    turns.add(far);
    turns.add(near);

    assertThat(callsOf(turns.next())).containsExactly(first, near);
    assertThat(callsOf(turns.next())).containsExactly(far);
  }

  @Test
  void nothingIsPaddedToMoreThanTwiceItsLength() {
    Call lone = call(START, 64);
    turns.add(lone);
    turns.add(call(START, 16));

    assertThat(callsOf(turns.next())).containsExactly(lone);
  }

  @Test
  void everySequenceIsTakenOnceAndTheTokensAddUp() {
    Random random = new Random(1);
    int sequences = 0;
    for (int i = 0; i < 50; i++) {
      int[] lengths = random.ints(1 + random.nextInt(20), 1, 257).toArray();
      sequences += lengths.length;
      turns.add(call(START, lengths));
    }

    List<Batch.Row> taken = new ArrayList<>();
    while (!turns.isEmpty()) {
      taken.addAll(turns.next().rows());
    }

    assertThat(taken).hasSize(sequences).doesNotHaveDuplicates();
    assertThat(turns.pendingTokens()).isZero();
  }

  /** On a mix of 4 sequences a call, from 8 to 256 tokens, short ones more often. */
  @Test
  void sortingWithinTheWindowKeepsPaddingUnderAFifth() {
    Turns wide = new Turns(8192, Clock.fixed(START, ZoneOffset.UTC));
    Random random = new Random(2);
    for (int i = 0; i < 500; i++) {
      wide.add(
          call(START, random.doubles(4).mapToInt(u -> (int) (8 * Math.pow(32, u * u))).toArray()));
    }

    long tokens = 0;
    long padded = 0;
    while (!wide.isEmpty()) {
      Batch batch = wide.next();
      tokens += batch.tokens();
      padded += batch.paddedTokens();
    }

    assertThat(1 - (double) tokens / padded).as("share of padding").isLessThan(0.2);
  }

  /**
   * Three times the capacity, on a lane that never varies: what is accepted is done within the time
   * of a full queue and of one batch for each of a call's lengths, since each length has batches of
   * its own, which newer calls fill up.
   */
  @Test
  void anAcceptedCallIsDoneWithinAFullQueueAndABatchForEachOfItsLengths() {
    int batch = 2_048;
    int queue = 8_192;
    long longest = new SteadyLane(batch, queue).longestWaitInTokens(3, 20_000, 25, 44, 52);

    assertThat(longest).isBetween((long) queue, queue + 3L * batch);
  }

  private static List<Call> callsOf(Batch batch) {
    return batch.rows().stream().map(Batch.Row::call).toList();
  }

  private static Call call(Instant arrived, int... lengths) {
    return new Call(
        Arrays.stream(lengths).mapToObj(n -> new Sequence(new int[n], n)).toList(), null, arrived);
  }
}
