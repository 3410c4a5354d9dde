package dev.palate.core.model.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.model.PassageReading;
import dev.palate.core.model.Prompt;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that want the same text at the same time. */
class SharedReadingTest {

  private final CountingModel inner = new CountingModel(EncoderSpec.ResponseInput.RESPONSE);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RewardModel model =
      new CachedRewardModel(inner, new ScoreCache(1 << 20, meters), Clock.systemUTC());

  /** Holds the first reading where it is; those after it pass. */
  private final class Gate {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch open = new CountDownLatch(1);
    final AtomicInteger readings = new AtomicInteger();

    Gate(CountingModel.Way first) {
      inner.way((passages, options, itself) -> {
        if (readings.getAndIncrement() > 0) {
          return itself.itself(passages, options);
        }
        reached.countDown();
        try {
          open.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw (CancellationException) new CancellationException("left").initCause(e);
        }
        return first.read(passages, options, itself);
      });
    }
  }

  private record Caller(Thread thread, FutureTask<ScoreResult> result) {
    static Caller start(Callable<ScoreResult> call) {
      FutureTask<ScoreResult> result = new FutureTask<>(call);
      return new Caller(Thread.ofPlatform().daemon().start(result), result);
    }

    ScoreResult get() throws Exception {
      return result.get(20, TimeUnit.SECONDS);
    }

    Caller waiting() {
      await()
          .until(() ->
              thread.getState() == Thread.State.WAITING
                  || thread.getState() == Thread.State.TIMED_WAITING);
      return this;
    }
  }

  @Test
  void concurrentMissesOfOneTextAreReadOnce() throws Exception {
    Gate gate = new Gate((passages, options, itself) -> itself.itself(passages, options));
    Caller first = Caller.start(() -> score("p", "a"));
    gate.reached.await();
    List<Caller> others = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      others.add(Caller.start(() -> score("p", "a")).waiting());
    }
    gate.open.countDown();

    ScoreResult.Scored scored = (ScoreResult.Scored) first.get();
    for (Caller other : others) {
      ScoreResult.Scored shared = (ScoreResult.Scored) other.get();
      assertThat(shared.items().getFirst().routing())
          .isEqualTo(scored.items().getFirst().routing());
    }
    assertThat(inner.reads("p")).isEqualTo(1);
    assertThat(inner.reads("a")).isEqualTo(1);
    assertThat(meters.get("palate.score.cache.lookups").tag("result", "shared").counter().count())
        .isEqualTo(16);
  }

  @Test
  void aCallReadsItsOwnTextsBeforeItWaitsForAnothers() throws Exception {
    Gate gate = new Gate((passages, options, itself) -> itself.itself(passages, options));
    Caller first = Caller.start(() -> score("p", "a"));
    gate.reached.await();

    Caller second = Caller.start(() -> score("p", "b"));
    await().until(() -> inner.reads("b") == 1);
    assertThat(second.result().isDone()).isFalse();
    gate.open.countDown();

    assertThat(second.get()).isInstanceOf(ScoreResult.Scored.class);
    assertThat(first.get()).isInstanceOf(ScoreResult.Scored.class);
    assertThat(inner.reads("p")).isEqualTo(1);
  }

  static Stream<Arguments> endsWithoutScores() {
    return Stream.of(
        Arguments.of("refused", refused(new ScoreResult.Overloaded(Duration.ofSeconds(1)))),
        Arguments.of("past its deadline", refused(new ScoreResult.DeadlineExceeded())),
        Arguments.of(
            "forbidding truncation",
            (CountingModel.Way) (passages, options, itself) -> new PassageReading.TooLong(0, 99)),
        Arguments.of(
            "broken",
            (CountingModel.Way)
                (passages, options, itself) -> {
                  throw new IllegalStateException("the forward pass failed");
                }));
  }

  private static CountingModel.Way refused(ScoreResult why) {
    return (passages, options, itself) -> new PassageReading.Refused(why);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("endsWithoutScores")
  void whoeverWaitsForACallThatEndsWithoutScoresReadsForItself(
      String how, CountingModel.Way firstEnd) throws Exception {
    Gate gate = new Gate(firstEnd);
    Caller first = Caller.start(() -> score("p", "a"));
    gate.reached.await();
    List<Caller> others = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      others.add(Caller.start(() -> score("p", "a")).waiting());
    }
    gate.open.countDown();

    for (Caller other : others) {
      assertThat(other.get()).isInstanceOf(ScoreResult.Scored.class);
    }
    first.thread().join();
    assertThat(inner.reads("a")).as("one of those that waited read it for all").isEqualTo(1);
  }

  @Test
  void whoeverWaitsForACallThatIsCancelledReadsForItself() throws Exception {
    Gate gate = new Gate((passages, options, itself) -> itself.itself(passages, options));
    Caller first = Caller.start(() -> score("p", "a"));
    gate.reached.await();
    Caller other = Caller.start(() -> score("p", "a")).waiting();

    first.thread().interrupt();

    assertThat(other.get()).isInstanceOf(ScoreResult.Scored.class);
    assertThatThrownBy(first::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(CancellationException.class);
  }

  @Test
  void aCallThatIsCancelledWhileItWaitsLeavesTheOtherAlone() throws Exception {
    Gate gate = new Gate((passages, options, itself) -> itself.itself(passages, options));
    Caller first = Caller.start(() -> score("p", "a"));
    gate.reached.await();
    Caller other = Caller.start(() -> score("p", "a")).waiting();

    other.thread().interrupt();
    assertThatThrownBy(other::get).hasCauseInstanceOf(CancellationException.class);
    gate.open.countDown();

    assertThat(first.get()).isInstanceOf(ScoreResult.Scored.class);
  }

  @Test
  void aCallWaitsForAnothersReadingNoLongerThanItsDeadline() throws Exception {
    Gate gate = new Gate((passages, options, itself) -> itself.itself(passages, options));
    Caller first = Caller.start(() -> score("p", "a"));
    gate.reached.await();

    ScoreOptions soon = new ScoreOptions(true, Clock.systemUTC().instant().plusMillis(30));
    ScoreResult late = model.score(List.of(item("p", "a")), soon);
    gate.open.countDown();

    assertThat(late).isEqualTo(new ScoreResult.DeadlineExceeded());
    assertThat(first.get()).isInstanceOf(ScoreResult.Scored.class);
  }

  @Test
  void whatIsNotFiniteIsSoForAllWhoWait() throws Exception {
    Gate gate = new Gate((passages, options, itself) -> itself.itself(passages, options));
    Caller first = Caller.start(() -> score("p", "NaN"));
    gate.reached.await();
    Caller other = Caller.start(() -> score("p", "NaN")).waiting();
    gate.open.countDown();

    assertThat(other.get()).isEqualTo(new ScoreResult.NotFinite(0)).isEqualTo(first.get());
  }

  private ScoreResult score(String prompt, String response) {
    return model.score(List.of(item(prompt, response)), ScoreOptions.DEFAULT);
  }

  private static ScoreItem item(String prompt, String response) {
    return new ScoreItem(new Prompt(prompt), List.of(response));
  }
}
