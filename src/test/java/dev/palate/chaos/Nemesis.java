package dev.palate.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Breaks things by chance, and mends them again: a schedule of faults, drawn before it starts, each
 * at its time and against one replica or the database. A replica that was killed is started again
 * at once, which takes it as long as it takes.
 */
final class Nemesis implements AutoCloseable {

  /** What can be done, with its share of the schedule. */
  enum Fault {
    KILL_REPLICA,
    KILL_DATABASE,
    CUT_NETWORK,
    LOSE_NETWORK,
    SLOW_NETWORK
  }

  /** Every kind, replicas twice: the smallest schedule. */
  private static final List<Fault> EACH_KIND =
      List.of(
          Fault.KILL_REPLICA,
          Fault.KILL_DATABASE,
          Fault.CUT_NETWORK,
          Fault.KILL_REPLICA,
          Fault.LOSE_NETWORK,
          Fault.SLOW_NETWORK);

  private static final Duration NETWORK_FAULT = Duration.ofSeconds(2);
  private static final int STARTS = 5;
  private static final Duration SLOWED = Duration.ofMillis(400);

  private record Planned(Duration at, Fault fault, int replica) {}

  private final ChaosCluster cluster;
  private final List<Planned> plan;
  private final Map<Fault, Integer> done = new TreeMap<>();
  private final ExecutorService mending = Executors.newVirtualThreadPerTaskExecutor();
  private final List<CompletableFuture<Void>> restarts;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * @param rounds of all kinds of faults
   * @param over which the rounds are spread
   */
  Nemesis(ChaosCluster cluster, SplittableRandom random, int rounds, Duration over) {
    this.cluster = cluster;
    this.plan = plan(cluster.size(), random, rounds, over);
    this.restarts = new ArrayList<>();
    for (int i = 0; i < cluster.size(); i++) {
      restarts.add(CompletableFuture.completedFuture(null));
    }
  }

  private static List<Planned> plan(
      int replicas, SplittableRandom random, int rounds, Duration over) {
    List<Planned> plan = new ArrayList<>();
    int first = random.nextInt(replicas);
    int faults = rounds * EACH_KIND.size();
    List<Fault> kinds = new ArrayList<>();
    while (plan.size() < faults) {
      if (kinds.isEmpty()) {
        kinds.addAll(EACH_KIND);
      }
      double share = (plan.size() + .25 + .5 * random.nextDouble()) / faults;
      plan.add(
          new Planned(
              Duration.ofMillis((long) (share * over.toMillis())),
              kinds.remove(random.nextInt(kinds.size())),
              (first + plan.size()) % replicas));
    }
    return plan;
  }

  /** Runs the schedule to its end; then everything runs again. */
  void run() throws InterruptedException {
    long start = System.nanoTime();
    for (Planned next : plan) {
      long wait = next.at.toNanos() - (System.nanoTime() - start);
      if (stopped.await(Math.max(0, wait), TimeUnit.NANOSECONDS)) {
        break;
      }
      strike(next);
    }
    for (CompletableFuture<Void> restart : restarts) {
      restart.join();
    }
  }

  private void strike(Planned planned) throws InterruptedException {
    int target = planned.replica;
    System.out.printf(
        "nemesis %s %s%n", planned.fault, planned.fault == Fault.KILL_DATABASE ? "" : target);
    switch (planned.fault) {
      case KILL_REPLICA -> {
        restarts.get(target).join();
        cluster.replica(target).kill();
        restarts.set(
            target, CompletableFuture.runAsync(() -> startAgain(cluster.replica(target)), mending));
      }
      case KILL_DATABASE -> {
        cluster.database().kill();
        cluster.database().startAgain();
      }
      case CUT_NETWORK -> forAWhile(target, TcpProxy::cut);
      case LOSE_NETWORK -> forAWhile(target, TcpProxy::blackhole);
      case SLOW_NETWORK -> forAWhile(target, network -> network.slow(SLOWED));
    }
    done.merge(planned.fault, 1, Integer::sum);
  }

  /** As a supervisor does: a start needs the database, and ends where that is taken from it. */
  private static void startAgain(Replica replica) {
    for (int attempt = 1; ; attempt++) {
      try {
        replica.start();
        return;
      } catch (IllegalStateException e) {
        if (attempt == STARTS) {
          throw e;
        }
        System.out.println("nemesis: a start failed, and is tried again");
      }
    }
  }

  private interface NetworkFault {
    void on(TcpProxy network);
  }

  private void forAWhile(int target, NetworkFault fault) throws InterruptedException {
    TcpProxy network = cluster.replica(target).network();
    fault.on(network);
    stopped.await(NETWORK_FAULT.toMillis(), TimeUnit.MILLISECONDS);
    network.restore();
  }

  /** What was done, how often. */
  String done() {
    return done.entrySet().stream()
        .map(entry ->
            entry.getValue()
                + " x "
                + entry.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '))
        .collect(Collectors.joining(", "));
  }

  @Override
  public void close() {
    stopped.countDown();
    mending.close();
  }
}
