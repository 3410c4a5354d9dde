package dev.palate.server.bulk;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.model.RewardModel;
import dev.palate.core.runtime.LiveModel;
import dev.palate.server.adaptation.AdaptationSchedule;
import dev.palate.server.adaptation.MarginScorer;
import dev.palate.server.adaptation.Solving;
import dev.palate.server.changes.WeightsSolved;
import dev.palate.server.store.BulkMemory;
import dev.palate.server.store.SolvedUser;
import dev.palate.server.store.UnscoredLabel;
import dev.palate.server.store.UserId;
import dev.palate.server.store.UserMargins;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Solves a key range of users whose weights are behind: all of them after a change of model or
 * solver.
 *
 * <p><b>The same weights.</b> A user comes out as {@code AdaptationJob} would solve them, bit for
 * bit: the same margins, the same solvers, which ignore the order of labels. And by the same
 * guards: what is written carries the feedback_seq of the very statement that read the labels, goes
 * only over an older solved_seq or solver, and only to the incarnation that was read. A label that
 * commits meanwhile has scheduled its user's own job, which comes after, or has come before and
 * keeps its weights.
 *
 * <p><b>In pieces.</b> A transaction takes the next users of the range, solves them one after
 * another as their rows arrive, writes their weights by one statement and notes how far the range
 * is. Whatever kills it, what was written is noted and what was not is done by whoever takes the
 * range over. Labels without margins are scored outside of any transaction, each batch stored
 * before the next; then their users are read once more.
 *
 * <p><b>Others first.</b> A range steps aside after a short while, and a user's own job goes before
 * it ({@code priority}): feedback waits for no bulk. In memory are one user's labels and a
 * transaction's weights.
 *
 * <p><b>Trouble.</b> A user that cannot be solved is left to their own job, which tries again. A
 * model that is full: later. A replica that serves another model version, or has an older solver,
 * leaves the range to those that serve the right one; if none does for a day, it is given up.
 */
@Component
class BulkJob {

  private static final Logger LOG = LoggerFactory.getLogger(BulkJob.class);

  /** A transaction's users. */
  private static final int USERS = 500;

  private static final Duration TURN = Duration.ofSeconds(2);
  private static final Duration NOT_SERVED = Duration.ofMinutes(1);
  private static final Duration NOBODY_SERVES = Duration.ofDays(1);

  private final BulkSolves bulks;
  private final BulkMemory memory;
  private final MarginScorer scorer;
  private final Solving solving;
  private final LiveModel model;
  private final AdaptationSchedule schedule;
  private final TransactionTemplate transaction;
  private final ApplicationEventPublisher events;
  private final Clock clock;
  private final Counter solved;
  private final Counter failed;

  BulkJob(
      BulkSolves bulks,
      BulkMemory memory,
      MarginScorer scorer,
      Solving solving,
      LiveModel model,
      AdaptationSchedule schedule,
      TransactionTemplate transaction,
      ApplicationEventPublisher events,
      Clock clock,
      MeterRegistry meters) {
    this.bulks = bulks;
    this.memory = memory;
    this.scorer = scorer;
    this.solving = solving;
    this.model = model;
    this.schedule = schedule;
    this.transaction = transaction;
    this.events = events;
    this.clock = clock;
    this.solved = meters.counter("palate.adaptation.bulk.users", "outcome", "solved");
    this.failed = meters.counter("palate.adaptation.bulk.users", "outcome", "failed");
  }

  /** How a turn ended. */
  sealed interface Outcome {

    /** Nothing is left to do. */
    record Finished() implements Outcome {}

    /** The rest has to wait; zero: only for its next turn. */
    record Later(Duration pause) implements Outcome {}
  }

  /**
   * @throws IllegalStateException if another execution has moved the range on meanwhile
   */
  Outcome run(BulkRange.Key key) {
    long end = System.nanoTime() + TURN.toNanos();
    RewardModel live = model.current();
    boolean scored = false;
    for (Optional<BulkRange> left = bulks.range(key); left.isPresent(); left = bulks.range(key)) {
      BulkRange range = left.get();
      if (!range.target().isServedBy(live.bundle().version())) {
        return notServed(range);
      }
      Piece piece = piece(range, live.bundle(), scored);
      if (piece.nobodyIsLeft()) {
        break;
      }
      scored = false;
      if (!piece.unscored.isEmpty()) {
        Optional<Duration> pause =
            scorer.scoreMissing(
                new Unscored(piece.unscored, range.target().modelVersion()), live, end);
        if (pause.isPresent()) {
          return new Outcome.Later(pause.get());
        }
        scored = true;
      } else if (System.nanoTime() - end >= 0) {
        return new Outcome.Later(Duration.ZERO);
      }
    }
    return new Outcome.Finished();
  }

  /** After an execution that failed again and again. */
  void giveUp(BulkRange.Key key) {
    bulks.range(key).ifPresent(bulks::giveUp);
  }

  private Outcome notServed(BulkRange range) {
    if (range.startedAt().plus(NOBODY_SERVES).isAfter(clock.instant())) {
      return new Outcome.Later(NOT_SERVED);
    }
    LOG.warn("Bulk solve {} is given up: its model or solver serves no more", range.key());
    bulks.abandon(range.key());
    return new Outcome.Finished();
  }

  /**
   * @param scored their labels were scored a moment ago: who has unscored ones again has just given
   *     them, and has a job of their own
   */
  private Piece piece(BulkRange range, Bundle bundle, boolean scored) {
    Piece piece = new Piece(bundle, scored);
    List<UserId> written =
        Objects.requireNonNull(
            transaction.execute(status -> {
              memory.read(
                  range.reached(),
                  range.lastUser(),
                  range.target().modelVersion(),
                  USERS,
                  piece::take);
              List<UserId> current = memory.write(piece.solved);
              piece.failed().forEach(schedule::schedule);
              if (!bulks.advance(
                  range, piece.reached(range), piece.done(), piece.failed().size())) {
                throw new IllegalStateException("another execution has this range");
              }
              if (piece.nobodyIsLeft()) {
                bulks.finish(range.key());
              }
              return current;
            }));
    solved.increment(written.size());
    failed.increment(piece.failed().size());
    Map<UserId, Long> read = new HashMap<>();
    piece.solved.forEach(user -> read.put(user.user(), user.read().feedbackSeq()));
    for (UserId user : written) {
      events.publishEvent(
          new WeightsSolved(
              user,
              range.target().modelVersion(),
              Objects.requireNonNull(read.get(user)).longValue()));
    }
    return piece;
  }

  /** What a transaction comes upon. */
  private final class Piece {
    private final Bundle bundle;
    private final boolean scored;
    private final List<SolvedUser> solved = new ArrayList<>();
    private final List<UserId> failed = new ArrayList<>();
    private final List<Long> unscored = new ArrayList<>();
    private int users;
    private int done;
    private @Nullable UserId last;

    Piece(Bundle bundle, boolean scored) {
      this.bundle = bundle;
      this.scored = scored;
    }

    void take(UserMargins user) {
      users++;
      last = user.user();
      if (!user.unscored().isEmpty()) {
        if (scored) {
          done++;
        } else {
          unscored.addAll(user.unscored());
        }
        return;
      }
      done++;
      try {
        solved.add(
            new SolvedUser(user.user(), user.state(), solving.weights(bundle, user.labels())));
      } catch (RuntimeException e) {
        LOG.warn("A user cannot be solved in bulk: {}", e.toString());
        failed.add(user.user());
      }
    }

    /** Whoever cannot be solved comes again with those whose labels are to be scored. */
    List<UserId> failed() {
      return unscored.isEmpty() ? failed : List.of();
    }

    int done() {
      return unscored.isEmpty() ? done : solved.size();
    }

    /** Those with unscored labels are still to come, and whoever is written is passed over then. */
    String reached(BulkRange range) {
      return last == null || !unscored.isEmpty() ? range.reached() : last.value();
    }

    boolean nobodyIsLeft() {
      return users < USERS && unscored.isEmpty();
    }
  }

  /** Labels' rows, as a source of labels to score. */
  private final class Unscored implements MarginScorer.Source {
    private final List<Long> labels;
    private final String modelVersion;
    private int at;

    Unscored(List<Long> labels, String modelVersion) {
      this.labels = labels;
      this.modelVersion = modelVersion;
    }

    @Override
    public List<UnscoredLabel> next(int limit) {
      while (at < labels.size()) {
        int to = Math.min(labels.size(), at + limit);
        var next = memory.unscored(labels.subList(at, to), modelVersion);
        if (!next.isEmpty()) {
          return next;
        }
        at = to;
      }
      return List.of();
    }
  }
}
