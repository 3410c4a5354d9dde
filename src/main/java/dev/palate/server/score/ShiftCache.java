package dev.palate.server.score;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.palate.server.changes.UserChanged;
import dev.palate.server.changes.UserChanges;
import dev.palate.server.changes.UserDigest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Users' shifts near the scores, so that a score whose user did not change asks no database.
 *
 * <p><b>When one is up to date.</b> A shift that was read in the present session of {@link
 * UserChanges}, and not reported changed since: for every replica's change is reported. Where
 * nothing can be heard, a shift is up to date for a short time to live, and then read again.
 *
 * <p><b>The race of a read and a change.</b> A read that began before a change may end after the
 * report of it, with what was true before. So a read leaves a mark before it asks the database, a
 * report takes the mark away, and what was read is kept only where the mark still is. The session
 * is the one of the moment before the read, too.
 *
 * <p><b>What is left of the outdated.</b> A changed shift stays as the last known: better than the
 * prior where the database cannot be read, and called stale. Not for long where nothing is heard
 * ({@link #LAST_KNOWN}), since the user may have been erased; a reported erasure removes it at
 * once.
 */
@Component
final class ShiftCache {

  /** How old the last word on a user may be for their last known shift to be of use. */
  private static final Duration LAST_KNOWN = Duration.ofMinutes(5);

  /** A read that takes longer is not waited for by further requests: they ask for themselves. */
  private static final Duration SHARED = ShiftReader.BUDGET;

  private final UserChanges changes;
  private final long timeToLive;
  private final Cache<UserDigest, Entry> entries;

  ShiftCache(
      UserChanges changes,
      @Value("${palate.user-weights.cache-entries:100000}") long maxEntries,
      @Value("${palate.user-weights.time-to-live:1s}") Duration timeToLive) {
    this.changes = changes;
    this.timeToLive = timeToLive.toNanos();
    this.entries = Caffeine.newBuilder().maximumSize(maxEntries).executor(Runnable::run).build();
  }

  /** What is held of a user; either or both may be absent. */
  private record Entry(@Nullable Known known, @Nullable Mark mark) {}

  /**
   * @param session 0: read where nothing could be heard
   */
  private record Known(
      String modelVersion, UserShift shift, long session, long readAt, boolean changed) {

    Known asChanged() {
      return new Known(modelVersion, shift, session, readAt, true);
    }
  }

  /** Stands for a read under way. */
  private static final class Mark {
    private final UserDigest user;
    private final String modelVersion;
    private final long session;
    private final long begunAt = System.nanoTime();
    private final CompletableFuture<UserShift> result = new CompletableFuture<>();

    private Mark(UserDigest user, String modelVersion, long session) {
      this.user = user;
      this.modelVersion = modelVersion;
      this.session = session;
    }

    private boolean serves(Mark later) {
      return modelVersion.equals(later.modelVersion) && later.begunAt - begunAt < SHARED.toNanos();
    }
  }

  /**
   * @param lastKnown null: none of use
   */
  record Found(@Nullable UserShift upToDate, @Nullable UserShift lastKnown) {}

  Found find(UserDigest user, String modelVersion) {
    Entry entry = entries.getIfPresent(user);
    Known known = entry == null ? null : entry.known;
    if (known == null || !known.modelVersion.equals(modelVersion)) {
      return new Found(null, null);
    }
    // In this order: who listens now does so in the session that is asked for after it
    boolean listening = changes.listening();
    boolean thisSession = known.session != 0 && known.session == changes.session();
    long age = System.nanoTime() - known.readAt;
    if (!known.changed && ((listening && thisSession) || age < timeToLive)) {
      return new Found(known.shift, null);
    }
    long sinceWord = thisSession ? Math.min(age, changes.silenceNanos()) : age;
    return new Found(null, sinceWord < LAST_KNOWN.toNanos() ? known.shift : null);
  }

  /** The read of this user that is under way, or else the one that {@code begin} begins. */
  Future<UserShift> read(UserDigest user, String modelVersion, Consumer<Reading> begin) {
    Mark mine = new Mark(user, modelVersion, changes.listening() ? changes.session() : 0);
    Entry entry =
        entries
            .asMap()
            .compute(
                user,
                (u, before) ->
                    before != null && before.mark != null && before.mark.serves(mine)
                        ? before
                        : new Entry(before == null ? null : before.known, mine));
    Mark mark = entry == null || entry.mark == null ? mine : entry.mark;
    if (mark == mine) {
      begin.accept(new Reading(mine));
    }
    return mark.result;
  }

  /** To be told how a read ended. */
  final class Reading {
    private final Mark mark;

    private Reading(Mark mark) {
      this.mark = mark;
    }

    void ended(UserShift shift) {
      settle(new Known(mark.modelVersion, shift, mark.session, mark.begunAt, false));
      mark.result.complete(shift);
    }

    void failed(Throwable cause) {
      settle(null);
      mark.result.completeExceptionally(cause);
    }

    private void settle(@Nullable Known known) {
      entries
          .asMap()
          .computeIfPresent(
              mark.user,
              (u, entry) ->
                  entry.mark == mark ? entryOrNothing(known == null ? entry.known : known) : entry);
    }
  }

  private static @Nullable Entry entryOrNothing(@Nullable Known known) {
    return known == null ? null : new Entry(known, null);
  }

  @EventListener
  void on(UserChanged change) {
    if (change.erased()) {
      entries.asMap().remove(change.user());
      return;
    }
    entries
        .asMap()
        .computeIfPresent(
            change.user(),
            (u, entry) -> entryOrNothing(entry.known == null ? null : entry.known.asChanged()));
  }
}
