package dev.palate.journey;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * One kind of request against one replica: first what a closed loop gets through, then open load at
 * shares of that and beyond.
 */
final class OfferedLoad {

  private static final double[] SHARES = {.25, .5, .75, .9, 1.1, 1.5, 2};
  private static final double FURTHER = 1.5; // where the last share was kept up with
  private static final double MOST = 8;
  private static final int CLOSED = 8;
  private static final int CONNECTIONS = 256;
  private static final int TURNS = 3; // of the closed loop; the median counts
  private static final Duration TURN = Duration.ofSeconds(2);
  private static final Duration WARM_UP = Duration.ofSeconds(4);
  private static final double KEPT_UP = .93; // answered within the step; the rest is under way

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

  private final PalateProcess palate;
  private final Random random = new Random(7);

  OfferedLoad(PalateProcess palate) {
    this.palate = palate;
  }

  /** All kinds, each warm before the first is measured. */
  List<Outcome> measure(List<Kind> kinds) throws IOException {
    try (Load load = new Load(palate.port(), CLOSED)) {
      for (Kind kind : kinds) {
        load.perSecond(kind.request, WARM_UP);
        kind.settle.await();
      }
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Kind kind : kinds) {
      outcomes.add(measure(kind));
    }
    return outcomes;
  }

  private Outcome measure(Kind kind) throws IOException {
    Closed closed = closedLoop(kind);
    OpenLoad open = new OpenLoad(palate.port(), CONNECTIONS, random);
    StringBuilder table = new StringBuilder();
    double kept = 0;
    double largest = 0;
    List<Double> shares = Arrays.stream(SHARES).boxed().collect(Collectors.toList());
    for (int i = 0; i < shares.size(); i++) {
      double share = shares.get(i);
      OpenLoad.Answers answers = open.run(kind.request, share * closed.perSecond, kind.time);
      kind.settle.await();
      if (answers.refusedShare() == 0 && answers.inTimeShare(kind.time) >= KEPT_UP) {
        kept = answers.perSecond();
        largest = share;
        if (i == shares.size() - 1 && share < MOST) {
          shares.add(FURTHER * share); // a few connections were not enough to find the bound
        }
      }
      table.append(row(share, closed.perSecond, answers));
    }
    String markdown =
        String.format(
            Locale.ROOT,
            """
            ### %s

            Closed loop: %,.0f requests/s; the replica took %.1f processors while %.1f of the machine's %d were busy, whoever's work that was. Open load: kept up with to %s. %s

            | offered, of the closed loop's | answered, of it | refused | p50, second half to first | p50 ms | p99 ms | p99 of a refusal, ms | requests | answered/s |
            |---|---|---|---|---|---|---|---|---|
            %s\
            """,
            kind.name,
            closed.perSecond,
            closed.replica,
            closed.machine,
            Runtime.getRuntime().availableProcessors(),
            largest == 0 ? "none of the shares" : String.format(Locale.ROOT, "%.2f of it", largest),
            kind.advice,
            table);
    return new Outcome(kind.name, closed.perSecond, kept, markdown);
  }

  /**
   * @param replica processors that it was running on
   * @param machine processors that were busy, whoever's work it was
   */
  private record Closed(double perSecond, double replica, double machine) {}

  private Closed closedLoop(Kind kind) throws IOException {
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    double[] perSecond = new double[TURNS];
    double replica = 0;
    double machine = 0;
    try (Load load = new Load(palate.port(), CLOSED)) {
      for (int turn = 0; turn < TURNS; turn++) {
        system.getCpuLoad(); // the next one is of the time between
        Duration before = palate.cpu();
        long start = System.nanoTime();
        perSecond[turn] = load.perSecond(kind.request, TURN);
        replica += palate.cpu().minus(before).toNanos() / (double) (System.nanoTime() - start);
        machine += system.getCpuLoad() * Runtime.getRuntime().availableProcessors();
        kind.settle.await();
      }
    }
    Arrays.sort(perSecond);
    return new Closed(perSecond[TURNS / 2], replica / TURNS, machine / TURNS);
  }

  private static String row(double share, double capacity, OpenLoad.Answers answers) {
    return String.format(
        Locale.ROOT,
        "| %.2f | %.2f | %.0f %% | %.1f x | %.1f | %.1f | %s | %,d | %,.0f |%n",
        share,
        answers.perSecond() / capacity,
        100 * answers.refusedShare(),
        answers.growth(),
        answers.ms(50),
        answers.ms(99),
        answers.refusedMs(99),
        answers.arrivals(),
        answers.perSecond());
  }
}
