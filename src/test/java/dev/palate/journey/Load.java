package dev.palate.journey;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * A closed-loop load: each connection sends its next request when it has read the answer to the
 * last. It finds what a server can do; {@link OpenLoad} finds how long that takes.
 */
final class Load implements AutoCloseable {

  private final List<HttpLine> lines = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Load(int port, int connections) throws IOException {
    for (int i = 0; i < connections; i++) {
      lines.add(new HttpLine(port));
    }
  }

  /** Requests answered per second. */
  double perSecond(byte[] request, Duration time) {
    return perSecond(i -> request, time);
  }

  /**
   * @param request the i-th of its connection
   */
  double perSecond(IntFunction<byte[]> request, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    return run(request, done -> System.nanoTime() < end);
  }

  /** Requests answered per second, where each connection sends so many. */
  double perSecond(IntFunction<byte[]> request, int each) {
    return run(request, done -> done < each);
  }

  private double run(IntFunction<byte[]> request, IntPredicate goOn) {
    long start = System.nanoTime();
    List<Future<Integer>> counts = new ArrayList<>();
    for (HttpLine line : lines) {
      counts.add(
          threads.submit(() -> {
            int done = 0;
            while (goOn.test(done)) {
              answered(line, request.apply(done++));
            }
            return done;
          }));
    }
    int total = 0;
    for (Future<Integer> count : counts) {
      try {
        total += count.get();
      } catch (InterruptedException | ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    return total / ((System.nanoTime() - start) / 1e9);
  }

  private static void answered(HttpLine line, byte[] request) {
    int status = line.exchange(request);
    if (status / 100 != 2) {
      throw new IllegalStateException("not answered: " + line.answer());
    }
  }

  /** One answer's head and body, as text. */
  String once(byte[] request) {
    HttpLine line = lines.getFirst();
    answered(line, request);
    return line.answer();
  }

  @Override
  public void close() throws IOException {
    threads.shutdownNow();
    for (HttpLine line : lines) {
      line.close();
    }
  }
}
