package dev.palate.server.security.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.palate.server.security.Caller;
import dev.palate.server.security.SecuritySettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Says whose key a token is. A key that was read from the database is believed for {@code
 * palate.security.key-cache}; a key in steady use is read again, in the background, at half of
 * that, so that no request waits for the database. A revocation on one replica is known there at
 * once and on every other within that time. While the database does not answer, what was last read
 * is believed for {@code palate.security.key-outage}: scoring outlives the database, at the price
 * that a replica cut off from it hears of a revocation that much later.
 *
 * <p>An id that is not there is not remembered: a key is good the moment it is made.
 */
final class KeyVerifier {

  /** A key's last use is written at most so often. */
  static final Duration USE_NOTED = Duration.ofMinutes(5);

  /** A key that is known from before waits no longer for a database that is slow or away. */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private static final Logger log = LoggerFactory.getLogger(KeyVerifier.class);
  private static final long KEYS = 100_000;

  /** Held against the secret of an unknown id, so that this takes as long as a known one. */
  private static final byte[] NO_HASH = new byte[32];

  private final ApiKeyRows rows;
  private final BiConsumer<String, Instant> uses;
  private final @Nullable ConfiguredKey configured;
  private final Clock clock;
  private final Executor executor;
  private final Executor reads;
  private final LoadingCache<String, ApiKeyRows.@Nullable Stored> believed;
  private final Cache<String, ApiKeyRows.Stored> lastRead;
  private final Cache<String, Instant> used;

  /**
   * @param rows over connections that nothing but scoring uses
   * @param uses writes when a key was used
   * @param executor for what nobody waits for
   * @param reads for what somebody waits for {@link #PATIENCE} at most
   */
  KeyVerifier(
      ApiKeyRows rows,
      BiConsumer<String, Instant> uses,
      SecuritySettings settings,
      Clock clock,
      Executor executor,
      Executor reads,
      Ticker ticker) {
    this.rows = rows;
    this.uses = uses;
    this.configured = ConfiguredKey.of(settings).orElse(null);
    this.clock = clock;
    this.executor = executor;
    this.reads = reads;
    Duration keep = settings.keyCache();
    this.lastRead =
        Caffeine.newBuilder()
            .maximumSize(KEYS)
            .ticker(ticker)
            .expireAfterWrite(settings.keyOutage())
            .build();
    this.used =
        Caffeine.newBuilder().maximumSize(KEYS).ticker(ticker).expireAfterWrite(USE_NOTED).build();
    this.believed =
        Caffeine.newBuilder()
            .maximumSize(KEYS)
            .ticker(ticker)
            .executor(executor)
            .expireAfterWrite(keep)
            .refreshAfterWrite(keep.dividedBy(2))
            .build(this::read);
  }

  /**
   * Empty, for whatever cause: unknown, wrong secret, expired, revoked.
   *
   * @throws DataAccessException if the database does not answer and the key is not known from
   *     before
   */
  Optional<Caller> verify(String text) {
    KeyToken token = KeyToken.parse(text).orElse(null);
    if (token == null) {
      return Optional.empty();
    }
    if (configured != null && token.id().equals(configured.id())) {
      return configured.caller(token);
    }
    ApiKeyRows.Stored stored = believed.get(token.id());
    boolean same = token.hasHash(stored == null ? NO_HASH : stored.hash());
    if (stored == null || !same || !stored.key().isGood(clock.instant())) {
      return Optional.empty();
    }
    noteUse(stored.key().id());
    return Optional.of(stored.key().caller());
  }

  /** A key that was revoked here is known as such at once. */
  void forget(String id) {
    lastRead.invalidate(id);
    believed.invalidate(id);
  }

  private ApiKeyRows.@Nullable Stored read(String id) {
    ApiKeyRows.Stored last = lastRead.getIfPresent(id);
    if (last == null) {
      return readNow(id);
    }
    try {
      return CompletableFuture.supplyAsync(() -> Optional.ofNullable(readNow(id)), reads)
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .orElse(null);
    } catch (TimeoutException | ExecutionException e) {
      log.warn("The database does not answer: key {} is believed as it was last read", id);
      return last;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return last;
    }
  }

  private ApiKeyRows.@Nullable Stored readNow(String id) {
    ApiKeyRows.Stored stored = rows.find(id).orElse(null);
    if (stored == null) {
      lastRead.invalidate(id);
    } else {
      lastRead.put(id, stored);
    }
    return stored;
  }

  private void noteUse(String id) {
    Instant now = clock.instant();
    if (used.getIfPresent(id) == null && used.asMap().putIfAbsent(id, now) == null) {
      executor.execute(() -> writeUse(id, now));
    }
  }

  private void writeUse(String id, Instant now) {
    try {
      uses.accept(id, now);
    } catch (DataAccessException e) {
      log.debug("The last use of key {} was not noted", id, e);
    }
  }
}
