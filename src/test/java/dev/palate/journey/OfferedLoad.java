package dev.palate.journey;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;

/**
 * One kind of request against one replica: first what a closed loop gets through, then open load at
 * shares of that and beyond.
 */
final class OfferedLoad {

  private static final double[] SHARES = {.25, .5, .75, .9, 1.1, 1.5, 2};
  private static final int CLOSED = 16;
  private static final int CONNECTIONS = 256;
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final double KEPT_UP = .97;

  /**
   * @param request the i-th, which is new each time where the kind wants it new
   * @param time of each step
   * @param settle what is waited for after each step
   * @param advice where it saturates and what to do
   */
  record Kind(
      String name, IntFunction<byte[]> request, Duration time, Settle settle, String advice) {}

  /** Waits until the replica has nothing left to do. */
  interface Settle {
    void await();
  }

  /**
   * @param capacity requests/s of the closed loop
   * @param kept requests/s that were answered at the largest offered share that was kept up with
   */
  record Outcome(String name, double capacity, double kept, String markdown) {}

  private final int port;
  private final Random random = new Random(7);

  OfferedLoad(int port) {
    this.port = port;
  }

  Outcome measure(Kind kind) throws IOException {
    double capacity;
    try (Load load = new Load(port, CLOSED)) {
      load.perSecond(kind.request, WARM_UP);
      kind.settle.await();
      capacity = load.perSecond(kind.request, kind.time);
      kind.settle.await();
    }
    OpenLoad open = new OpenLoad(port, CONNECTIONS, random);
    StringBuilder table = new StringBuilder();
    double kept = 0;
    double largest = 0;
    boolean keepingUp = true;
    for (double share : SHARES) {
      OpenLoad.Answers answers = open.run(kind.request, share * capacity, kind.time);
      kind.settle.await();
      double offered = answers.arrivals() / (kind.time.toMillis() / 1e3);
      keepingUp &= answers.refusedShare() == 0 && answers.perSecond() >= KEPT_UP * offered;
      if (keepingUp) {
        kept = answers.perSecond();
        largest = share;
      }
      table.append(row(share, capacity, offered, answers));
    }
    String markdown =
        String.format(
            Locale.ROOT,
            """
            **%s.** Closed loop, %d connections: %,.0f requests/s. Kept up with to %.2f of it. %s

            | offered, of the closed loop's | answered, of it | refused | p50, second half to first | p50 ms | p99 ms | requests | answered/s |
            |---|---|---|---|---|---|---|---|
            %s
            """,
            kind.name,
            CLOSED,
            capacity,
            largest,
            kind.advice,
            table);
    return new Outcome(kind.name, capacity, kept, markdown);
  }

  private static String row(
      double share, double capacity, double offered, OpenLoad.Answers answers) {
    return String.format(
        Locale.ROOT,
        "| %.2f (drawn: %.2f) | %.2f | %.0f %% | %.1f x | %.1f | %.1f | %,d | %,.0f |%n",
        share,
        offered / capacity,
        answers.perSecond() / capacity,
        100 * answers.refusedShare(),
        answers.growth(),
        answers.ms(50),
        answers.ms(99),
        answers.arrivals(),
        answers.perSecond());
  }
}
