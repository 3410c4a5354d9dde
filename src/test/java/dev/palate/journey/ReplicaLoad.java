package dev.palate.journey;

import static org.awaitility.Awaitility.await;

import dev.palate.journey.OfferedLoad.Kind;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** The kinds of requests that a replica gets, and what each costs it. */
final class ReplicaLoad {

  static final int LABELS = 5; // a feedback
  static final int NEW_TEXTS = 3; // steps of new texts last so many times as long
  private static final int TEXTS = 32;
  private static final int USERS = 16;
  private static final int LINES = 8;

  private final PalateProcess palate;
  private final BenchDatabase database;
  private final AtomicInteger fresh = new AtomicInteger();
  private final AtomicInteger labellers = new AtomicInteger();
  private final Duration time;

  /**
   * @param time of each step
   */
  ReplicaLoad(PalateProcess palate, BenchDatabase database, Duration time) {
    this.palate = palate;
    this.database = database;
    this.time = time;
  }

  /**
   * @param labelsPerSecond taken, scored and solved, so that weights keep up
   */
  record Figures(List<OfferedLoad.Outcome> kinds, double labelsPerSecond) {}

  Figures measure() throws IOException {
    try (ApiClient api = palate.client()) {
      for (int user = 0; user < USERS; user++) {
        api.label(person(user), 0, Requests.tersePairs(8), "Prefer", "wait=20");
      }
    }
    List<OfferedLoad.Outcome> outcomes = new OfferedLoad(palate).measure(kinds());
    return new Figures(outcomes, labelsPerSecond());
  }

  private List<Kind> kinds() {
    return List.of(
        new Kind(
            "`/score`, cached texts",
            cached(null),
            time,
            () -> {},
            "The processor saturates (HTTP and JSON: no device, no database). More replicas or cores;"
                + " `explain: false` where the decomposition is not read. Nothing is refused, so beyond it"
                + " the wait grows for as long as the overload lasts: bound the connections in front."),
        new Kind(
            "`/score`, new texts",
            i -> Requests.newScore(fresh.incrementAndGet()),
            time.multipliedBy(NEW_TEXTS),
            () -> {},
            "The encoder saturates. A GPU, or more cores or replicas; a larger cache only where texts come"
                + " again. What may wait is bounded (`palate.model.queue-tokens`), the rest is refused."),
        new Kind(
            "`/score`, cached texts, a user's own weights",
            cached("person"),
            time,
            () -> {},
            "The processor again, and beyond it as above. While the users asked for"
                + " fit `palate.user-weights.cache-entries` no score waits for PostgreSQL."),
        new Kind(
            "`POST /users/{id}/feedback`, %d labels, texts seen before".formatted(LABELS),
            i -> feedback(),
            time,
            this::allSolved,
            "PostgreSQL and the solving of what was taken share the processor with it. More labels a request, a"
                + " PostgreSQL of its own, replicas (they share the solving)."));
  }

  private byte[] feedback() {
    return Requests.feedback("labeller-" + labellers.incrementAndGet(), LABELS);
  }

  private static String person(int user) {
    return "person-" + user;
  }

  /**
   * @param user null: nobody in particular; else any of those who labelled
   */
  private IntFunction<byte[]> cached(String user) {
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < TEXTS; i++) {
      String name = user == null ? null : person(i % USERS);
      requests.add(Requests.score(name, true, Requests.PROMPT + " [" + i + "]"));
    }
    return i -> requests.get(i % TEXTS);
  }

  private double labelsPerSecond() throws IOException {
    long start = System.nanoTime();
    double requests;
    try (Load load = new Load(palate.port(), LINES)) {
      requests = load.perSecond(i -> feedback(), time) * time.toMillis() / 1e3;
    }
    allSolved();
    return requests * LABELS / ((System.nanoTime() - start) / 1e9);
  }

  private void allSolved() {
    await()
        .pollInSameThread()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> noJobWaits());
  }

  private boolean noJobWaits() throws SQLException {
    return database.waitingJobs() == 0;
  }
}
