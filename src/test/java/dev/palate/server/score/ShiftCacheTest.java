package dev.palate.server.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.TestBundles;
import dev.palate.server.changes.UserChanged;
import dev.palate.server.changes.UserDigest;
import dev.palate.server.store.UserId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a user's shift is read, and what serves when it cannot be. */
class ShiftCacheTest {

  private static final UserId ALICE = new UserId("alice");
  private static final Duration NEVER = Duration.ZERO;
  private static final Duration LONG = Duration.ofHours(1);

  private final FakeWeights weights = new FakeWeights();
  private final FakeChanges changes = new FakeChanges();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Bundle bundle = new FakeModel().bundle();
  private final CountDownLatch release = new CountDownLatch(1);
  private ShiftCache cache = new ShiftCache(changes, 100, NEVER);
  private ShiftReader reader = new ShiftReader(weights, cache, meters);

  private void timeToLive(long entries, Duration timeToLive) {
    cache = new ShiftCache(changes, entries, timeToLive);
    reader = new ShiftReader(weights, cache, meters);
  }

  @AfterEach
  void close() {
    release.countDown();
    reader.close();
  }

  @Test
  void whileNothingChangesAUserIsReadOnce() {
    changes.begin();
    store(1);
    for (int i = 0; i < 50; i++) {
      assertThat(shift().version()).isEqualTo(1);
    }
    assertThat(weights.reads()).isEqualTo(1);
  }

  @Test
  void aUserWithoutWeightsIsReadOnceToo() {
    changes.begin();
    assertThat(shift().weights()).isEqualTo(ScoreAnswer.Weights.PRIOR);
    shift();
    assertThat(weights.reads()).isEqualTo(1);
  }

  @Test
  void aChangeIsReadAtTheNextScore() {
    changes.begin();
    store(1);
    shift();
    store(2);
    changed(false);

    assertThat(shift().version()).isEqualTo(2);
    shift();
    assertThat(weights.reads()).isEqualTo(2);
  }

  @Test
  void aReadThatBeganBeforeAChangeIsNotKept() throws Exception {
    changes.begin();
    store(1);
    weights.stick(release);
    FutureTask<UserShift> first = start();
    await().until(() -> weights.reads() == 1);

    changed(false);
    weights.stick(null);
    release.countDown();
    first.get(10, TimeUnit.SECONDS);
    store(2);

    assertThat(shift().version()).isEqualTo(2);
  }

  @Test
  void scoresOfOneUserAtTheSameTimeReadOnce() throws Exception {
    changes.begin();
    store(1);
    weights.stick(release);
    List<FutureTask<UserShift>> scores = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      scores.add(start());
    }
    await().until(() -> weights.reads() == 1);
    weights.stick(null);
    release.countDown();
    for (FutureTask<UserShift> score : scores) {
      score.get(10, TimeUnit.SECONDS);
    }
    assertThat(weights.reads()).isEqualTo(1);
  }

  @Test
  void inANewSessionAllIsReadAgain() {
    changes.begin();
    shift();
    store(1);
    changes.begin();
    assertThat(shift().version()).isEqualTo(1);
  }

  @Test
  void whereNothingIsHeardAShiftServesForItsTimeToLive() {
    timeToLive(100, LONG);
    shift();
    shift();
    assertThat(weights.reads()).isEqualTo(1);

    timeToLive(100, NEVER);
    shift();
    shift();
    assertThat(weights.reads()).isEqualTo(3);
  }

  @Test
  void whatWasReadWhileNothingWasHeardIsNotVouchedForByALaterSession() {
    store(1);
    shift();
    changes.begin();
    store(2);
    assertThat(shift().version()).isEqualTo(2);
  }

  @Test
  void aSilentSessionVouchesForNothing() {
    changes.begin();
    store(1);
    shift();
    changes.end(Duration.ofSeconds(4));
    store(2);
    assertThat(shift().version()).isEqualTo(2);
  }

  @Test
  void withNoEntriesEveryScoreReads() {
    timeToLive(0, LONG);
    changes.begin();
    shift();
    shift();
    assertThat(weights.reads()).isEqualTo(2);
  }

  @Test
  void withTheDatabaseCutAnUnchangedUserIsServedAsIfNothingWere() {
    changes.begin();
    store(1);
    shift();
    weights.cut(true);
    assertThat(shift().weights()).isEqualTo(ScoreAnswer.Weights.PERSONAL);
  }

  /** RELIABILITY 20. */
  @Test
  void withTheDatabaseCutAUserWhoMayHaveChangedIsServedByTheLastKnownAndToldSo() {
    changes.begin();
    store(3);
    UserShift known = shift();
    weights.cut(true);
    changes.end(Duration.ofSeconds(10));

    UserShift stale = shift();
    assertThat(stale.weights()).isEqualTo(ScoreAnswer.Weights.STALE);
    assertThat(stale.version()).isEqualTo(3);
    assertThat(stale.shift()).isEqualTo(known.shift());
  }

  /** RELIABILITY 20. */
  @Test
  void withTheDatabaseHangingAScoreIsHeldUpForLessThan200Ms() {
    weights.stick(release);
    List<Duration> took = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      assertThat(shift().weights()).isEqualTo(ScoreAnswer.Weights.STALE);
      took.add(Duration.ofNanos(System.nanoTime() - start));
    }
    // the quickest: the machine may be busy with other things
    assertThat(took.stream().min(Duration::compareTo).orElseThrow())
        .isLessThan(Duration.ofMillis(200));
  }

  @Test
  void aReadThatHangsIsNotWaitedForByTheNextScore() {
    changes.begin();
    store(1);
    weights.stick(release);
    assertThat(shift().weights()).isEqualTo(ScoreAnswer.Weights.STALE);
    weights.stick(null);

    assertThat(shift().weights()).isEqualTo(ScoreAnswer.Weights.PERSONAL);
  }

  @Test
  void theLastKnownOfAnErasedUserIsGone() {
    changes.begin();
    store(1);
    shift();
    weights.cut(true);
    changed(true);

    UserShift prior = shift();
    assertThat(prior.version()).isZero();
    assertThat(prior.shift()).isEqualTo(FakeModel.PRIOR_MEAN);
  }

  /** RELIABILITY 18. */
  @Test
  void weightsOfOneModelVersionAreNeverUsedWithAnother() {
    changes.begin();
    store(1);
    shift();
    weights.cut(true);

    UserShift ofTheNew = shiftUnder(otherVersion());
    assertThat(ofTheNew.version()).isZero();
    assertThat(ofTheNew.weights()).isEqualTo(ScoreAnswer.Weights.STALE);
    assertThat(shift().version()).as("and the old one's are still there").isEqualTo(1);
  }

  private Bundle otherVersion() {
    return TestBundles.with(bundle, "ffffffff", bundle.scale());
  }

  private FutureTask<UserShift> start() {
    FutureTask<UserShift> score = new FutureTask<>(this::shift);
    Thread.ofVirtual().start(score);
    return score;
  }

  private void store(long version) {
    weights.store("alice", new float[] {1, 0, 0, version}, version, false);
  }

  private void changed(boolean erased) {
    cache.on(new UserChanged(UserDigest.of(ALICE), erased));
  }

  private UserShift shift() {
    return shiftUnder(bundle);
  }

  private UserShift shiftUnder(Bundle model) {
    return Objects.requireNonNull(reader.read(Set.of(ALICE), model).get(ALICE));
  }
}
