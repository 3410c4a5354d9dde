package dev.palate.core.model.batching;

import dev.palate.core.encoder.Sequence;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One lane that computes a padded token each millisecond, and what waits for it; no threads. */
final class SteadyLane {

  private final int batchTokens;
  private final int queueTokens;
  private final Turns turns;
  private final Map<Call, Integer> left = new HashMap<>();
  private long now;
  private long longest;

  SteadyLane(int batchTokens, int queueTokens) {
    this.batchTokens = batchTokens;
    this.queueTokens = queueTokens;
    InstantSource time = () -> Instant.ofEpochMilli(now);
    this.turns = new Turns(batchTokens, time.withZone(ZoneOffset.UTC));
  }

  /**
   * Calls of these lengths come by a Poisson process; what does not fit the queue is refused.
   *
   * @param load of the capacity
   * @return of all that were accepted, in tokens that the lane computed in between
   */
  long longestWaitInTokens(double load, int calls, int... lengths) {
    List<Sequence> sequences =
        Arrays.stream(lengths).mapToObj(n -> new Sequence(new int[n], n)).toList();
    long tokens = Call.paddedTokens(sequences);
    Random random = new Random(1);
    Batch running = null;
    Batch ready = null; // laid out ahead, as CallQueue does it
    long end = Long.MAX_VALUE;
    double arrival = 0;
    for (int arrived = 0; arrived < calls; ) {
      if (arrival <= end) {
        now = (long) arrival;
        arrival -= Math.log(1 - random.nextDouble()) * tokens / load;
        arrived++;
        long waiting = turns.pendingTokens() + tokensOf(ready);
        if (waiting == 0 || waiting + tokens <= queueTokens) {
          Call call = new Call(sequences, null, Instant.ofEpochMilli(now));
          turns.add(call);
          left.put(call, lengths.length);
        }
      } else {
        now = end;
        Objects.requireNonNull(running).rows().forEach(row -> done(row.call()));
        running = null;
      }
      if (running == null) {
        running = ready != null ? ready : turns.isEmpty() ? null : turns.next();
        ready = null;
        end = running == null ? Long.MAX_VALUE : now + running.paddedTokens();
      }
      if (running != null && ready == null && turns.pendingTokens() >= batchTokens) {
        ready = turns.next();
      }
    }
    return longest;
  }

  private void done(Call call) {
    int sequencesLeft = left.merge(call, -1, Integer::sum);
    if (sequencesLeft == 0) {
      left.remove(call);
      longest = Math.max(longest, now - call.arrived.toEpochMilli());
    }
  }

  private static long tokensOf(@Nullable Batch batch) {
    return batch == null ? 0 : batch.paddedTokens();
  }
}
