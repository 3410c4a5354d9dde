package dev.palate.core.model.batching;

import dev.palate.core.encoder.Sequence;
import dev.palate.core.model.ForwardCounts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the sequences of many callers into forward passes.
 *
 * <p><b>Threads.</b> One platform thread per device ({@link Lane}); all lanes take from one queue
 * ({@link CallQueue}), so several devices are one pool behind one admission. Callers, virtual
 * threads or not, tokenize on their own thread and wait. While every lane is busy one more thread
 * lays out the arrays of the next batches, but only of full ones: a batch with room stays open
 * until a lane is free, so that late comers still get in. There is no artificial delay: a free lane
 * takes what waits.
 *
 * <p><b>Admission.</b> Waiting work is bounded in padded tokens and in time: what waits may take
 * the lanes no longer than stated, at the rate of their latest passes, full ones above all, so that
 * nobody waits for minutes where the device is slow; what fits one pass may always wait. Until
 * there was a full pass no rate is known, and tokens alone count. Room is reserved by an estimate
 * before anything is tokenized, and settled with the true count after. A call is taken whole or
 * refused whole and at once, with an estimate of when to come back. A call larger than the whole
 * bound is taken when nothing waits: it is slow, but it neither hangs nor is refused for ever.
 *
 * <p><b>Turns.</b> Calls take turns. The longest pending sequence of the call whose turn it is sets
 * the padded length and is the batch's first row; the rest is filled, longest first, with sequences
 * of that length down to half of it from a window of a few batches' worth of tokens. Sorting within
 * the window keeps padding low. A call with sequences left goes to the end of the line, so one of a
 * thousand sequences does not make all others wait for its last. A call older than the age limit is
 * served before any other until it is done, so none starves either. Padded lengths are rounded up
 * to few values ({@code TokenBatch.bucket}) so that shapes repeat; the model was warmed up on each.
 *
 * <p><b>Not computed in vain.</b> When a batch is made and again when it is run, calls whose
 * deadline passed or whose caller was interrupted are dropped with all that is left of them.
 *
 * <p><b>Failures.</b> A pass that throws an exception is run again in halves, down to single
 * sequences: only the call of the culprit fails, and a batch too large for the device's memory
 * passes in parts. A pass that throws an {@code Error} ends its lane.
 *
 * <p>All the engine's arrays live and die within {@link Forward#run}.
 */
public final class Batcher implements AutoCloseable {

  /** What became of a call's sequences. */
  public sealed interface Outcome {
    /** Rows in the order of the sequences; a row may hold NaN. */
    record Done(float[][] rows, Duration queue, Duration inference) implements Outcome {}

    record Refused(Duration retryAfter) implements Outcome {}

    record Expired() implements Outcome {}
  }

  private final Clock clock;
  private final ForwardCounts counts = new ForwardCounts();
  private final CallQueue queue;
  private final List<Lane> lanes = new ArrayList<>();
  private final Thread preparer;

  /**
   * Opens the model on every device, each on a thread of its own, and waits for them.
   *
   * @param models one per device; each is called once, on its forward thread
   * @param batchTokens padded tokens in one forward pass
   * @param bound of what may wait
   */
  public Batcher(
      String name, List<Supplier<Forward>> models, int batchTokens, QueueBound bound, Clock clock) {
    this.clock = clock;
    this.queue = new CallQueue(batchTokens, bound, clock, counts);
    for (Supplier<Forward> model : models) {
      String lane = models.size() == 1 ? name : name + "-" + lanes.size();
      lanes.add(new Lane(lane, model, queue, clock, counts));
    }
    this.preparer =
        Thread.ofPlatform().name(name + "-prepare").daemon().start(() -> queue.prepare());
    try {
      lanes.forEach(lane -> lane.opened().join());
    } catch (CompletionException e) {
      close();
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Room in the queue. Closing it gives back what was not used. */
  public final class Permit implements AutoCloseable {
    private long tokens;

    private Permit(long tokens) {
      this.tokens = tokens;
    }

    /** Computes all sequences, or none. Blocks until they are done. */
    public Outcome compute(List<Sequence> sequences, @Nullable Instant deadline) {
      if (sequences.isEmpty()) {
        return new Outcome.Done(new float[0][], Duration.ZERO, Duration.ZERO);
      }
      Call call = new Call(sequences, deadline, clock.instant());
      long reserved = tokens;
      tokens = 0;
      queue.add(call, reserved);
      return await(call);
    }

    @Override
    public void close() {
      queue.release(tokens);
      tokens = 0;
    }
  }

  /** A permit for about so many tokens; null, at once, where the queue is full. */
  public @Nullable Permit tryAdmit(long tokens) {
    return queue.reserve(tokens) ? new Permit(tokens) : null;
  }

  /** When to come back after a refusal. */
  public Duration retryAfter() {
    return queue.backlog();
  }

  /** Admits and computes sequences that are there already. */
  public Outcome compute(List<Sequence> sequences, @Nullable Instant deadline) {
    try (Permit permit = tryAdmit(Call.paddedTokens(sequences))) {
      return permit == null
          ? new Outcome.Refused(retryAfter())
          : permit.compute(sequences, deadline);
    }
  }

  private static Outcome await(Call call) {
    try {
      return call.outcome.get();
    } catch (InterruptedException e) {
      call.outcome.cancel(false); // seen before the next batch is made or run
      Thread.currentThread().interrupt();
      CancellationException cancelled = new CancellationException("the caller was interrupted");
      cancelled.initCause(e);
      throw cancelled;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the forward pass failed", e.getCause());
    }
  }

  /** Whether all forward threads still take calls; false for ever once one has ended. */
  public boolean isAlive() {
    return lanes.stream().allMatch(Lane::isAlive);
  }

  public ForwardCounts counts() {
    return counts;
  }

  /** Padded tokens that wait. */
  public long waitingTokens() {
    return queue.waitingTokens();
  }

  /** Lets admitted work finish, then closes the model on its own threads. */
  @Override
  public void close() {
    queue.close();
    boolean interrupted = false;
    for (boolean ended = false; !ended; ) {
      try {
        for (Lane lane : lanes) {
          lane.join();
        }
        preparer.join();
        ended = true;
      } catch (InterruptedException e) {
        interrupted = true; // the model must not be left open: note it and go on waiting
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
