package dev.palate.core.model.batching;

import dev.palate.core.encoder.Sequence;
import dev.palate.core.model.ForwardCounts;
import dev.palate.tier.LongForm;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever threads do to the queue at once, some order of one after another explains it. */
@Param(name = "length", gen = IntGen.class, conf = "1:64")
@Tag("lincheck")
@LongForm
public class CallQueueLincheckTest {

  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  private final CallQueue queue =
      new CallQueue(64, QueueBound.ofTokens(128), CLOCK, new ForwardCounts());

  @Operation
  public boolean reserve(@Param(name = "length") int length) {
    return queue.reserve(length);
  }

  @Operation
  public void release(@Param(name = "length") int length) {
    queue.release(length);
  }

  @Operation
  public void add(@Param(name = "length") int length) {
    queue.add(new Call(List.of(new Sequence(new int[length], length)), null, Instant.EPOCH), 0);
  }

  @Operation
  public @Nullable List<Integer> poll() {
    Batch batch = queue.poll();
    return batch == null
        ? null
        : batch.rows().stream().map(row -> row.sequence().length()).toList();
  }

  @Operation
  public long waiting() {
    return queue.waitingTokens();
  }

  @Test
  void everyHistoryIsLinearizable() {
    new StressOptions()
        .iterations(15)
        .invocationsPerIteration(300)
        .threads(3)
        .actorsPerThread(3)
        .check(CallQueueLincheckTest.class);
  }
}
