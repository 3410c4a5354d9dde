package dev.palate.journey;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * An open load: requests arrive by a Poisson process, whether or not the server keeps up, as those
 * of many independent clients do. Their number is the rate's expectation, so that a step of a few
 * arrivals has the load it says.
 *
 * <p><b>No coordinated omission.</b> The arrivals are drawn before the first is sent. A time is
 * measured from the intended arrival, not from the moment the request could be sent: what a slow
 * answer makes later requests wait is theirs too, even where every connection is taken.
 *
 * <p>The next free connection takes the next arrival; each has a virtual thread of its own. After
 * the last arrival everything is waited for, so that the slowest count.
 */
final class OpenLoad {

  private static final int DIGITS = 3;
  private static final Duration LEAD = Duration.ofMillis(200); // for the connections to open

  private final int port;
  private final int connections;
  private final Random random;

  OpenLoad(int port, int connections, Random random) {
    this.port = port;
    this.connections = connections;
    this.random = random;
  }

  /**
   * What became of the arrivals.
   *
   * @param arrivals how many there were
   * @param perSecond answers, refusals apart, within the time of the arrivals, a second
   * @param early microseconds of the answers to the first half of the time's arrivals
   * @param late of the second half's
   * @param refused microseconds of the refusals (503)
   */
  record Answers(
      int arrivals, double perSecond, Histogram early, Histogram late, Histogram refused) {

    /** Milliseconds within which so many percent of the answers came. */
    double ms(double percent) {
      Histogram both = early.copy();
      both.add(late);
      return both.getValueAtPercentile(percent) / 1e3;
    }

    /** Share of the arrivals that was answered within the time of the arrivals. */
    double inTimeShare(Duration time) {
      return perSecond * (time.toNanos() / 1e9) / arrivals;
    }

    double refusedShare() {
      return (double) refused.getTotalCount() / arrivals;
    }

    /** Milliseconds within which so many percent of the refusals came; empty without one. */
    String refusedMs(double percent) {
      return refused.getTotalCount() == 0
          ? ""
          : String.format(Locale.ROOT, "%.1f", refused.getValueAtPercentile(percent) / 1e3);
    }

    /** The second half's median to the first half's: 3 where the wait grows with the time. */
    double growth() {
      return late.getValueAtPercentile(50) / Math.max(1.0, early.getValueAtPercentile(50));
    }
  }

  /**
   * @param request the i-th arrival's
   */
  Answers run(IntFunction<byte[]> request, double perSecond, Duration time) {
    long[] arrivals = arrivals(perSecond, time.toNanos());
    Tally tally = new Tally(arrivals, System.nanoTime() + LEAD.toNanos(), time.toNanos());
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < Math.min(connections, arrivals.length); i++) {
        ends.add(
            threads.submit(() -> {
              serve(request, tally, next);
              return null;
            }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
    return tally.answers();
  }

  private void serve(IntFunction<byte[]> request, Tally tally, AtomicInteger next)
      throws IOException {
    try (HttpLine line = new HttpLine(port)) {
      for (int i = next.getAndIncrement(); i < tally.arrivals.length; i = next.getAndIncrement()) {
        byte[] bytes = request.apply(i);
        long due = tally.start + tally.arrivals[i];
        for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
          LockSupport.parkNanos(wait);
        }
        tally.count(i, line.exchange(bytes));
      }
    }
  }

  /** Nanoseconds from the start, ascending: given their number, Poisson arrivals are uniform. */
  private long[] arrivals(double perSecond, long time) {
    int count = (int) Math.max(1, Math.round(perSecond * time / 1e9));
    return random.longs(count, 0, time).sorted().toArray();
  }

  private static final class Tally {
    private final long[] arrivals;
    private final long start;
    private final long time;
    private final Histogram early = new ConcurrentHistogram(DIGITS);
    private final Histogram late = new ConcurrentHistogram(DIGITS);
    private final Histogram refused = new ConcurrentHistogram(DIGITS);
    private final AtomicInteger inTime = new AtomicInteger();

    Tally(long[] arrivals, long start, long time) {
      this.arrivals = arrivals;
      this.start = start;
      this.time = time;
    }

    void count(int arrival, int status) {
      long now = System.nanoTime() - start;
      long micros = Math.max(0, now - arrivals[arrival]) / 1000;
      if (status == 503) {
        refused.recordValue(micros);
        return;
      }
      if (status / 100 != 2) {
        throw new IllegalStateException("answered " + status);
      }
      (arrivals[arrival] < time / 2 ? early : late).recordValue(micros);
      if (now <= time) {
        inTime.incrementAndGet();
      }
    }

    Answers answers() {
      return new Answers(arrivals.length, inTime.get() / (time / 1e9), early, late, refused);
    }
  }
}
