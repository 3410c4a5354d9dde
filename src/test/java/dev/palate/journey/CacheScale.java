package dev.palate.journey;

import dev.palate.core.model.cache.CacheSimulation;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a larger score cache is worth where some texts are asked for more than others (by Zipf's
 * law). On the service with a set of texts that the encoder can read in seconds, a process for each
 * size, which take turns; with a set as large as a real one the cache alone.
 */
final class CacheScale {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int ITEMS = 512; // a prompt and a response each
  private static final int BATCH = 128;
  private static final List<String> SMALL = List.of("0B", "128KB", "512KB");
  private static final List<String> LARGE = List.of("0B", "1MB", "16MB", "64MB");
  private static final int MANY = 200_000; // texts
  private static final int DRAWS = 2_000_000;
  private static final int LINES = 8;
  private static final int ROUNDS = 3;

  private final Path temp;
  private final Duration turn;
  private final List<byte[]> requests =
      IntStream.range(0, ITEMS)
          .mapToObj(i -> HttpLine.post("/score", JSON.writeValueAsString(item(i))))
          .toList();
  private final Zipf zipf = new Zipf(ITEMS);
  private final Random random = new Random(3);

  /**
   * @param turn of one size
   */
  CacheScale(Path temp, Duration turn) {
    this.temp = temp;
    this.turn = turn;
  }

  private static Map<String, Object> item(int i) {
    return Map.of(
        "prompt", "Is plan %d any good?".formatted(i),
        "responses", List.of("Plan %d is, on balance.".formatted(i)));
  }

  private final class Replica {
    final String size;
    final PalateProcess palate;
    private double perSecond;
    private double hits;
    private double lookups;

    Replica(String size, PalateProcess palate) throws IOException {
      this.size = size;
      this.palate = palate;
      readAll();
      run();
      perSecond = 0;
      hits = 0;
      lookups = 0;
    }

    /** The most asked for last. */
    private void readAll() {
      try (ApiClient api = palate.client()) {
        for (int to = ITEMS; to > 0; to -= BATCH) {
          List<Map<String, Object>> items =
              IntStream.range(to - BATCH, to).mapToObj(CacheScale::item).toList();
          if (api.post("/score/batch", Map.of("items", items)).status() != 200) {
            throw new IllegalStateException("a batch was not answered");
          }
        }
      }
    }

    void run() throws IOException {
      hits -= looks("hit");
      lookups -= looks("hit") + looks("miss") + looks("shared");
      try (Load load = new Load(palate.port(), LINES)) {
        perSecond += load.perSecond(i -> requests.get(zipf.draw(random)), turn) / ROUNDS;
      }
      hits += looks("hit");
      lookups += looks("hit") + looks("miss") + looks("shared");
    }

    /** Nothing is looked up where nothing is kept. */
    private double looks(String result) {
      return bytes(size) == 0
          ? 0
          : new Meters(palate.port())
              .value("palate_score_cache_lookups_total{result=\"%s\"}".formatted(result));
    }

    double hitRatio() {
      return lookups == 0 ? 0 : hits / lookups;
    }
  }

  /** Tables and what they say. */
  String measure() throws IOException, SQLException {
    List<Replica> replicas = new ArrayList<>();
    int k;
    try (Beside beside = new Beside(temp.resolve("cache"))) {
      for (String size : SMALL) {
        replicas.add(new Replica(size, beside.start("--palate.model.cache-bytes=" + size)));
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (Replica replica : replicas) {
          replica.run();
        }
      }
      try (ApiClient api = replicas.getFirst().palate.client()) {
        k = api.get("/model").body().path("experts").asInt();
      }
    }
    return report(replicas, k);
  }

  private static String report(List<Replica> replicas, int k) {
    int one = CacheSimulation.bytesOfOne(k);
    double none = replicas.getFirst().perSecond;
    double all = replicas.getLast().perSecond / none;
    StringBuilder small = new StringBuilder();
    for (Replica replica : replicas) {
      small.append(
          String.format(
              Locale.ROOT,
              "| %s | %.2f | %.2f | %.1f x | %.1f x | %,.0f |%n",
              replica.size,
              share(replica.size, 2 * ITEMS, one),
              replica.hitRatio(),
              replica.perSecond / none,
              gain(replica.hitRatio(), all),
              replica.perSecond));
    }
    StringBuilder large = new StringBuilder();
    for (String size : LARGE) {
      double hits = hitsOfMany(size, k);
      large.append(
          String.format(
              Locale.ROOT,
              "| %s | %.2f | %.2f | %.1f x |%n",
              size,
              share(size, MANY, one),
              hits,
              gain(hits, all)));
    }
    return """
    Texts drawn by Zipf's law (the r-th in proportion to 1/r) from a fixed set; %d bytes a text at K = %d. First the service, `palate.model.cache-bytes`
    against %,d short texts (a prompt and a response a request, %d connections in a closed loop), each read once before; all sizes in turns, means of %d
    rounds. Computed: 1 / (1 - h + h / g), h the hit ratio, g what all hits gain. What is measured
    falls short of it; a likely cause, not measured apart, is that few misses at a time fill a forward pass less.

    | cache | share of the texts that fits | hit ratio | requests/s, to no cache's | computed | requests/s |
    |---|---|---|---|---|---|
    %s
    Then the cache alone, with %,d texts (%,d MB), %,d draws after as many; what that is worth to the service, computed in the same way.

    | cache | share of the texts that fits | hit ratio | requests/s, to no cache's, computed |
    |---|---|---|---|
    %s
    The device saturates as long as anything is missed: half the gain of all hits needs a hit ratio of %.2f here. What to do: raise `palate.model.cache-bytes`, and
    the heap with it, until `palate_score_cache_evictions_total` stands still; send users of the same texts to the same replica, since each has a cache of its own.
    """
        .formatted(
            one,
            k,
            2 * ITEMS,
            LINES,
            ROUNDS,
            small,
            MANY,
            (long) MANY * one / 1_000_000,
            DRAWS,
            large,
            half(all));
  }

  private static double hitsOfMany(String size, int k) {
    Random random = new Random(9);
    Zipf zipf = new Zipf(MANY);
    return bytes(size) == 0
        ? 0
        : CacheSimulation.hitRatio(bytes(size), k, () -> zipf.draw(random), DRAWS);
  }

  private static long bytes(String size) {
    return DataSize.parse(size).toBytes();
  }

  private static double share(String size, int texts, int bytesOfOne) {
    return Math.min(1, bytes(size) / ((double) texts * bytesOfOne));
  }

  /** Requests/s to those without a hit, where a hit is g times as fast and the machine is busy. */
  private static double gain(double hits, double g) {
    return 1 / (1 - hits + hits / g);
  }

  /** The hit ratio with half the gain of all hits. */
  private static double half(double g) {
    return (1 - 2 / g) / (1 - 1 / g);
  }
}
