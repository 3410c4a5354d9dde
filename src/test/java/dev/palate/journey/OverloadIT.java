package dev.palate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.reliability.Reliability;
import dev.palate.tier.LongForm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Three times as many requests as the model can do, by an open load of new texts. What is accepted
 * is answered within a stated time, what is not is refused at once, and nothing piles up: memory
 * stays what it is once all connections were in use for a while. The time: {@code
 * palate.model.queue-time} and a batch for each text of a request, whose lengths differ and are
 * batched apart (TurnsTest shows it of a lane that never varies); half as long again for what else
 * the machine does. {@code -Dpalate.chaos=full} keeps it up for 60 s and holds the times against
 * their bounds; else, or with {@code -Dpalate.bounds=told}, they are only told, since a build
 * shares its machine.
 */
@Isolated
@LongForm
class OverloadIT {

  private static final Duration QUEUE = Duration.ofSeconds(2);
  private static final int TEXTS = 3; // of a request
  private static final int BATCH_TOKENS = 2_048;
  private static final int HEAP = 512; // MiB, as PreparedJar's
  private static final int CONNECTIONS = 384;
  private static final double SLACK = 1.5;
  private static final boolean FULL = System.getProperty("palate.chaos", "").equals("full");
  private static final boolean TOLD = System.getProperty("palate.bounds", "").equals("told");
  private static final Duration WARM_UP = Duration.ofSeconds(FULL ? 4 : 3);
  private static final Duration CALIBRATION = Duration.ofSeconds(FULL ? 5 : 3);
  private static final Duration SETTLING = Duration.ofSeconds(FULL ? 30 : 5);
  private static final Duration TIME = Duration.ofSeconds(FULL ? 60 : 8);

  private final AtomicInteger number = new AtomicInteger();

  @TempDir Path temp;

  private byte[] request(int arrival) {
    return Requests.newScore(number.getAndIncrement());
  }

  @Test
  void atThreeTimesTheCapacityTheRestIsRefusedAtOnceAndWhatIsAcceptedIsInTime() throws IOException {
    Path data = temp.resolve("replica");
    try (PalateProcess palate =
        start(
            data,
            "--palate.model.queue-time=" + QUEUE.toSeconds() + "s",
            "--palate.model.batch-tokens=" + BATCH_TOKENS,
            "--palate.model.cache-bytes=1MB")) {
      Meters meters = new Meters(palate.port());
      double capacity;
      double tokens;
      try (Load load = new Load(palate.port(), 8)) {
        load.perSecond(this::request, WARM_UP);
        double before = tokens(meters);
        int first = number.get();
        capacity = load.perSecond(this::request, CALIBRATION);
        tokens = (tokens(meters) - before) / (number.get() - first);
      }
      OpenLoad open = new OpenLoad(palate.port(), CONNECTIONS, new Random(3));
      open.run(this::request, 3 * capacity, SETTLING);
      long resident = palate.residentMebibytes();

      OpenLoad.Answers answers = open.run(this::request, 3 * capacity, TIME);

      long residentAfter = palate.residentMebibytes();
      double after;
      try (Load load = new Load(palate.port(), 8)) {
        after = load.perSecond(this::request, CALIBRATION);
      }
      // The machine's other work comes and goes: the peak is what it gives at both ends
      double peak = Math.min(capacity, after);
      double bound = 1000 * SLACK * (QUEUE.toSeconds() + TEXTS * BATCH_TOKENS / (peak * tokens));
      String figures =
          String.format(
              Locale.ROOT,
              "offered 3 times the peak of %.0f/s (afterwards %.0f) for %d s: answered %.2f of it, p99"
                  + " %.0f ms of %.0f allowed;"
                  + " refused %.0f %%, p50 %s ms, p99 %s ms; resident %d MiB, after %d",
              capacity,
              after,
              TIME.toSeconds(),
              answers.perSecond() / peak,
              answers.ms(99),
              bound,
              100 * answers.refusedShare(),
              answers.refusedMs(50),
              answers.refusedMs(99),
              resident,
              residentAfter);
      assertThat(answers.refusedShare()).as(figures).isGreaterThan(.2);
      if (FULL && !TOLD) {
        assertThat(answers.perSecond()).as(figures).isGreaterThan(.9 * peak);
        assertThat(answers.ms(99)).as(figures).isLessThan(bound);
        assertThat(Double.parseDouble(answers.refusedMs(99))).as(figures).isLessThan(50);
      }
      assertThat(residentAfter).as(figures).isLessThan((long) (1.1 * resident));
      Reliability.record(7, "an open load of new texts", figures);
    }
  }

  /** As it is shipped, or, where no time is held against a bound, what is ready sooner. */
  private static PalateProcess start(Path data, String... options) {
    if (!FULL) {
      return PalateProcess.startPrepared(data, options);
    }
    PreparedJar.get().furnish(data);
    return PalateProcess.startWithin(HEAP, data, options);
  }

  private static double tokens(Meters meters) {
    return meters.value("palate_forward_padded_tokens_total");
  }
}
