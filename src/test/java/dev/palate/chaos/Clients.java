package dev.palate.chaos;

import dev.palate.journey.ApiClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Clients that never give up: each takes the next label set, sends it to a replica by chance, and
 * sends it again, to whichever, until it is acknowledged. Now and then one is sent once more though
 * it was. Beside them one reads users' weights.
 */
final class Clients implements AutoCloseable {

  private static final double SENT_ONCE_MORE = .1;

  private final ChaosCluster cluster;
  private final History history;
  private final Queue<LabelSet> sets;
  private final List<String> users;
  private final long pauseMillis;
  private final CountDownLatch working;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * @param spread over which the sets are sent, if nothing holds them up
   */
  Clients(
      ChaosCluster cluster, History history, List<LabelSet> sets, int clients, Duration spread) {
    this.cluster = cluster;
    this.history = history;
    this.sets = new ConcurrentLinkedQueue<>(sets);
    this.users = sets.stream().map(LabelSet::user).distinct().toList();
    this.pauseMillis = spread.toMillis() * clients / sets.size();
    this.working = new CountDownLatch(clients);
  }

  void start(SplittableRandom random) {
    IntStream.range(0, (int) working.getCount())
        .mapToObj(i -> random.split())
        .forEach(own -> Thread.ofVirtual().start(() -> send(own)));
    SplittableRandom reading = random.split();
    Thread.ofVirtual().start(() -> read(reading));
  }

  /** Whether all sets were acknowledged in that time. */
  boolean awaitDone(Duration patience) throws InterruptedException {
    return working.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void send(SplittableRandom random) {
    try {
      for (LabelSet set = sets.poll(); set != null; set = sets.poll()) {
        pause(random.nextLong(2 * pauseMillis + 1));
        history.sends(set);
        while (!acknowledged(set, random)) {
          history.retries();
          pause(random.nextLong(50, 400));
        }
        history.acknowledged(set);
        if (random.nextDouble() < SENT_ONCE_MORE) {
          acknowledged(set, random);
        }
      }
      working.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      history.unexpected(e.toString()); // and the count stays up
    }
  }

  private boolean acknowledged(LabelSet set, SplittableRandom random) {
    try {
      ApiClient.Answer answer = anyReplica(random).post(set.path(), set.json());
      if (answer.status() != 202 && answer.status() != 503) {
        history.unexpected("%s: %d %s".formatted(set.path(), answer.status(), answer.body()));
      }
      return answer.status() == 202;
    } catch (UncheckedIOException e) {
      return false; // the replica was killed, before or after it stored the set: nobody knows
    }
  }

  private void read(SplittableRandom random) {
    try {
      while (!pause(20)) {
        String user = users.get(random.nextInt(users.size()));
        long newest = history.newest(user);
        try {
          var answer = anyReplica(random).get("/users/" + user + "/expert-weights");
          if (answer.status() == 200) {
            history.read(user, newest, answer.body().path("version").asLong());
          } else if (answer.status() != 503) {
            history.unexpected("GET %s: %s".formatted(user, answer.body()));
          }
        } catch (UncheckedIOException e) {
          // killed
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ApiClient anyReplica(SplittableRandom random) {
    return cluster.replica(random.nextInt(cluster.size())).client();
  }

  /** Whether the clients were stopped meanwhile. */
  private boolean pause(long millis) throws InterruptedException {
    return stopped.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    sets.clear();
    stopped.countDown();
  }
}
