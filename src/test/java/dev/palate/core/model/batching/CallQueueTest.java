package dev.palate.core.model.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.encoder.Sequence;
import dev.palate.core.model.ForwardCounts;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a queue admits by the time that it would take. */
class CallQueueTest {

  private static final int BATCH_TOKENS = 64;
  private static final long MILLI = 1_000_000;

  /** 10 ms. */
  private final CallQueue queue =
      new CallQueue(
          BATCH_TOKENS,
          new QueueBound(1_000, Duration.ofMillis(10)),
          Clock.systemUTC(),
          new ForwardCounts());

  @BeforeEach
  void oneLane() {
    queue.laneOpened();
  }

  @Test
  void untilAFullPassWasMeasuredTokensAloneCount() {
    waiting(64);
    assertThat(queue.reserve(936)).isTrue();
    assertThat(queue.reserve(1)).isFalse();
  }

  @Test
  void whatWouldTakeLongerIsRefused() {
    queue.ran(BATCH_TOKENS, 64 * MILLI / 16); // 16 tokens a ms: 160 in the bound's time
    waiting(64);

    assertThat(queue.reserve(97)).isFalse();
    assertThat(queue.reserve(96)).isTrue();
    assertThat(queue.reserve(1)).isFalse();
    assertThat(queue.backlog()).isEqualTo(Duration.ofMillis(10));
  }

  @Test
  void itIsTheTimeOfAllLanes() {
    queue.laneOpened();
    queue.ran(BATCH_TOKENS, 4 * MILLI);
    waiting(64);

    assertThat(queue.reserve(257)).isFalse();
    assertThat(queue.reserve(256)).isTrue();
  }

  @Test
  void untilThenAPassThatIsNotHalfFullSaysNothingOfTheRate() {
    queue.ran(BATCH_TOKENS / 2 - 1, 1_000 * MILLI);
    waiting(64);

    assertThat(queue.reserve(936)).isTrue();
  }

  @Test
  void afterwardsItSaysTheLessTheEmptierItIs() {
    queue.ran(BATCH_TOKENS, 64 * MILLI / 16);
    queue.ran(1, MILLI); // 16 times as slow, and a sixty-fourth of a batch
    waiting(64);

    assertThat(queue.reserve(97)).isFalse();
    assertThat(queue.reserve(80)).isTrue();
  }

  /** One pass that was held up for an hour does not make the queue refuse for ever. */
  @Test
  void whatOnePassTakesIsNotTooLongAndTellsABetterRate() {
    queue.ran(BATCH_TOKENS, Duration.ofHours(1).toNanos());
    waiting(16);
    assertThat(queue.reserve(64)).isFalse();
    assertThat(queue.reserve(48)).isTrue();

    for (int i = 0; i < 100; i++) {
      queue.ran(BATCH_TOKENS, 64 * MILLI / 16);
    }
    assertThat(queue.reserve(64)).isTrue();
  }

  @Test
  void aSlowerDeviceIsFollowed() {
    queue.ran(BATCH_TOKENS, 4 * MILLI);
    for (int i = 0; i < 30; i++) {
      queue.ran(BATCH_TOKENS, 8 * MILLI); // half the rate
    }
    waiting(64);

    assertThat(queue.reserve(20)).isFalse();
    assertThat(queue.reserve(16)).isTrue();
  }

  @Test
  void whatTakesLongerThanTheBoundAloneIsTakenWhenNothingWaits() {
    queue.ran(BATCH_TOKENS, 64 * MILLI);

    assertThat(queue.reserve(900)).isTrue();
    assertThat(queue.reserve(1)).isFalse();
    queue.release(900);
    assertThat(queue.reserve(900)).isTrue();
  }

  private void waiting(int tokens) {
    Call call =
        new Call(List.of(new Sequence(new int[tokens], tokens)), null, Clock.systemUTC().instant());
    assertThat(queue.reserve(tokens)).isTrue();
    queue.add(call, tokens);
  }
}
