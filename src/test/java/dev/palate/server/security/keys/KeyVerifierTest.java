package dev.palate.server.security.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.server.security.Reach;
import dev.palate.server.security.Scope;
import dev.palate.server.security.SecurityMode;
import dev.palate.server.security.SecuritySettings;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How long a key is believed, on a clock that is set by hand. */
class KeyVerifierTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Rows rows = new Rows();
  private final AtomicLong nanos = new AtomicLong();
  private final Queue<Runnable> background = new ArrayDeque<>();
  private final AtomicReference<Executor> reads = new AtomicReference<>(Runnable::run);
  private final KeyVerifier verifier =
      new KeyVerifier(
          rows,
          rows::noteUse,
          settings(),
          Clock.fixed(NOW, ZoneOffset.UTC),
          background::add,
          read -> reads.get().execute(read),
          nanos::get);
  private final KeyToken key = KeyToken.random(new SecureRandom());

  private static SecuritySettings settings() {
    return new SecuritySettings(
        SecurityMode.API_KEY,
        null,
        null,
        Duration.ofSeconds(30),
        Duration.ofMinutes(10),
        false,
        List.of(),
        new SecuritySettings.Cors(List.of()),
        new SecuritySettings.Jwt("sub", "all_users"),
        new SecuritySettings.Quota(0, 0));
  }

  /** A table in memory. */
  private static final class Rows extends ApiKeyRows {
    final Map<String, Stored> stored = new HashMap<>();
    int reads;
    int uses;
    boolean away;

    Rows() {
      super(JdbcClient.create(new JdbcTemplate()));
    }

    void put(KeyToken token, @Nullable Instant expires, @Nullable Instant revoked) {
      stored.put(
          token.id(),
          new Stored(
              new ApiKey(
                  1,
                  token.id(),
                  "",
                  Set.of(Scope.READ),
                  Reach.EVERYONE,
                  NOW,
                  "test",
                  expires,
                  revoked,
                  null),
              token.hash()));
    }

    @Override
    Optional<Stored> find(String id) {
      reads++;
      if (away) {
        throw new DataAccessResourceFailureException("away");
      }
      return Optional.ofNullable(stored.get(id));
    }

    @Override
    void noteUse(String id, Instant now) {
      uses++;
    }
  }

  private boolean isGood() {
    return verifier.verify(key.text()).isPresent();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private void runBackground() {
    while (!background.isEmpty()) {
      background.remove().run();
    }
  }

  @Test
  void manyRequestsReadAKeyOnceAndNoteItsUseOnce() {
    rows.put(key, null, null);
    for (int i = 0; i < 100; i++) {
      assertThat(isGood()).isTrue();
    }
    runBackground();

    assertThat(rows.reads).isEqualTo(1);
    assertThat(rows.uses).isEqualTo(1);
    pass(KeyVerifier.USE_NOTED.plusSeconds(1));
    assertThat(isGood()).isTrue();
    runBackground();
    assertThat(rows.uses).isEqualTo(2);
  }

  @Test
  void aRevocationElsewhereIsKnownAfterTheStatedTimeAtTheLatest() {
    rows.put(key, null, null);
    assertThat(isGood()).isTrue();
    rows.put(key, null, NOW);

    pass(Duration.ofSeconds(10));
    assertThat(isGood()).as("not asked again yet").isTrue();
    pass(Duration.ofSeconds(21));
    assertThat(isGood()).isFalse();
  }

  @Test
  void aKeyInSteadyUseIsReadAgainInTheBackground() {
    rows.put(key, null, null);
    assertThat(isGood()).isTrue();
    rows.put(key, null, NOW);
    pass(Duration.ofSeconds(16));

    assertThat(isGood()).as("answered without waiting").isTrue();
    runBackground();
    assertThat(isGood()).isFalse();
  }

  @Test
  void aKeyIsGoodTheMomentItIsMade() {
    assertThat(isGood()).isFalse();
    rows.put(key, null, null);
    assertThat(isGood()).isTrue();
  }

  @Test
  void aKeyEndsAtItsExpiryThoughItWasReadBefore() {
    rows.put(key, NOW.plusSeconds(1), null);
    assertThat(isGood()).isTrue();
    KeyToken other = KeyToken.random(new SecureRandom());
    rows.put(other, NOW, null);
    assertThat(verifier.verify(other.text())).isEmpty();
  }

  @Test
  void whileTheDatabaseIsAwayAKnownKeyIsBelievedForAWhileAndAnUnknownOneIsNoVerdict() {
    rows.put(key, null, null);
    assertThat(isGood()).isTrue();
    rows.away = true;

    pass(Duration.ofMinutes(5));
    assertThat(isGood()).isTrue();
    pass(Duration.ofMinutes(6));
    assertThatThrownBy(this::isGood).isInstanceOf(DataAccessResourceFailureException.class);
    assertThatThrownBy(() -> verifier.verify(KeyToken.random(new SecureRandom()).text()))
        .isInstanceOf(DataAccessResourceFailureException.class);
  }

  @Test
  void aKnownKeyDoesNotWaitForADatabaseThatHangs() {
    rows.put(key, null, null);
    assertThat(isGood()).isTrue();
    rows.put(key, null, NOW);
    List<Runnable> hanging = new ArrayList<>();
    reads.set(hanging::add);
    pass(Duration.ofSeconds(31));

    assertThat(isGood()).as("as it was last read").isTrue();

    assertThat(hanging).hasSize(1);
    hanging.getFirst().run();
    reads.set(Runnable::run);
    pass(Duration.ofSeconds(31));
    assertThat(isGood()).as("once the database answers").isFalse();
  }

  @Test
  void aKeyWhoseRowIsGoneIsNotBelievedThoughTheDatabaseGoesAwayAfterwards() {
    rows.put(key, null, null);
    assertThat(isGood()).isTrue();
    rows.stored.clear();
    pass(Duration.ofSeconds(31));
    assertThat(isGood()).isFalse();
    rows.away = true;

    assertThatThrownBy(this::isGood).isInstanceOf(DataAccessResourceFailureException.class);
  }

  @Test
  void theRightIdWithAnotherSecretIsNoKey() {
    rows.put(key, null, null);

    assertThat(verifier.verify(key.id() + "." + KeyToken.random(new SecureRandom()).secret()))
        .isEmpty();
    assertThat(verifier.verify(key.text() + "A")).isEmpty();
    assertThat(verifier.verify("")).isEmpty();
  }

  @Test
  void aSecretHas256BitsAndIsNotPrinted() {
    assertThat(java.util.Base64.getUrlDecoder().decode(key.secret())).hasSize(32);
    assertThat(key.toString()).doesNotContain(key.secret());
  }
}
