package dev.palate.journey;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;

/** How a replica fares with more users, and with more labels of one. */
final class UserScale {

  private static final int LINES = 8;
  private static final int EACH = 400; // users asked for by each connection
  private static final int[] LABELS = {5, 50, 500};
  static final int LABELLERS = 10;

  private final PalateProcess palate;
  private final BenchDatabase database;
  private final Random random = new Random(5);

  UserScale(PalateProcess palate, BenchDatabase database) {
    this.palate = palate;
    this.database = database;
  }

  /**
   * @param userBytes of PostgreSQL that a user with weights takes
   */
  record Figures(String markdown, double userBytes) {}

  /**
   * @param counts of users, ascending
   */
  Figures users(int[] counts) throws IOException, SQLException {
    int k;
    String version;
    try (ApiClient api = palate.client()) {
      var model = api.get("/model").body();
      version = model.path("model_version").asString();
      k = model.path("experts").asInt();
    }
    StringBuilder table = new StringBuilder();
    long before = database.bytes("users", "expert_weights");
    database.addUsers("early-", LINES * EACH, k, version);
    try (Load load = new Load(palate.port(), LINES)) {
      ask(load, "early-", LINES * EACH); // the way to the database gets warm
      int there = LINES * EACH;
      double smallest = 0;
      for (int count : counts) {
        String prefix = "of-" + count + "-";
        int more = count - (there == LINES * EACH ? 0 : there);
        database.addUsers(prefix, more, k, version);
        there = count;
        double[] perSecond = ask(load, prefix, more);
        smallest = smallest == 0 ? perSecond[1] : smallest;
        table.append(
            String.format(
                Locale.ROOT,
                "| %,d | %.2f | %.2f | %,.0f | %,.0f |%n",
                count,
                perSecond[0] / perSecond[1],
                perSecond[1] / smallest,
                perSecond[0],
                perSecond[1]));
      }
      int rows = there + LINES * EACH;
      double bytes = (database.bytes("users", "expert_weights") - before) / (double) rows;
      return new Figures(table.toString(), bytes);
    }
  }

  /** Requests/s for users at random, each for the first time, then each once more. */
  private double[] ask(Load load, String prefix, int users) {
    int each = Math.min(EACH, users / LINES);
    List<Integer> order = new ArrayList<>();
    for (int i = 1; i <= users; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    double[] perSecond = new double[2];
    for (int pass = 0; pass < 2; pass++) {
      AtomicInteger next = new AtomicInteger();
      perSecond[pass] =
          load.perSecond(
              i ->
                  Requests.score(prefix + order.get(next.getAndIncrement()), true, Requests.PROMPT),
              each);
    }
    return perSecond;
  }

  /** From sending a feedback to the answer that carries its weights. */
  String labels() {
    StringBuilder table = new StringBuilder();
    try (ApiClient api = palate.client()) {
      feedback(api, "first-of-all", 0, LABELS[LABELS.length - 1]);
      for (int labels : LABELS) {
        Histogram all = new Histogram(3);
        Histogram oneMore = new Histogram(3);
        for (int i = 0; i < LABELLERS; i++) {
          String user = "has-" + labels + "-" + i;
          all.recordValue(feedback(api, user, 0, labels));
          oneMore.recordValue(feedback(api, user, labels, 1));
        }
        table.append(
            String.format(
                Locale.ROOT,
                "| %d | %.1f | %.1f | %.1f | %.1f |%n",
                labels,
                all.getValueAtPercentile(50) / 1e3,
                all.getMaxValue() / 1e3,
                oneMore.getValueAtPercentile(50) / 1e3,
                oneMore.getMaxValue() / 1e3));
      }
    }
    return table.toString();
  }

  /** Microseconds. */
  private static long feedback(ApiClient api, String user, int firstId, int labels) {
    long start = System.nanoTime();
    int status =
        api.label(user, firstId, Requests.tersePairs(labels), "Prefer", "wait=60").status();
    if (status != 200) {
      throw new IllegalStateException("feedback answered " + status);
    }
    return (System.nanoTime() - start) / 1000;
  }
}
