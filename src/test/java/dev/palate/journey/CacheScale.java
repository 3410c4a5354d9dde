package dev.palate.journey;

import dev.palate.reward.CacheSimulation;
import java.io.IOException;
import java.nio.file.Path;
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
 * law). On the service with a set of texts that the encoder can read in seconds; with a set as
 * large as a real one the cache alone.
 */
final class CacheScale {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int ITEMS = 1024; // a prompt and a response each
  private static final int BATCH = 128;
  private static final List<String> SMALL = List.of("0B", "64KB", "256KB", "1MB");
  private static final List<String> LARGE = List.of("0B", "1MB", "16MB", "64MB");
  private static final int MANY = 200_000; // texts
  private static final int DRAWS = 2_000_000;
  private static final int LINES = 8;
  private static final Duration WARM_UP = Duration.ofSeconds(2);
  private static final Duration TURN = Duration.ofSeconds(5);

  private final Path temp;

  CacheScale(Path temp) {
    this.temp = temp;
  }

  private record Row(String size, double hits, double perSecond) {}

  /** Tables and what they say. */
  String measure() throws IOException {
    List<Row> rows = new ArrayList<>();
    int k = 0;
    for (String size : SMALL) {
      try (PalateProcess palate =
              PalateProcess.start(temp.resolve("cache"), "--palate.model.cache-bytes=" + size);
          ApiClient api = palate.client()) {
        k = api.get("/model").body().path("experts").asInt();
        rows.add(measure(palate, api, size));
      }
    }
    int one = CacheSimulation.bytesOfOne(k);
    double miss = rows.getFirst().perSecond;
    double hit = rows.getLast().perSecond;
    StringBuilder small = new StringBuilder();
    for (Row row : rows) {
      small.append(
          String.format(
              Locale.ROOT,
              "| %s | %.2f | %.2f | %.1f x | %.1f x | %,.0f |%n",
              row.size,
              Math.min(1, DataSize.parse(row.size).toBytes() / (2.0 * ITEMS * one)),
              row.hits,
              row.perSecond / miss,
              gain(row.hits, hit / miss),
              row.perSecond));
    }
    StringBuilder large = new StringBuilder();
    for (String size : LARGE) {
      long bytes = DataSize.parse(size).toBytes();
      Random random = new Random(9);
      Zipf zipf = new Zipf(MANY);
      double hits =
          bytes == 0 ? 0 : CacheSimulation.hitRatio(bytes, k, () -> zipf.draw(random), DRAWS);
      large.append(
          String.format(
              Locale.ROOT,
              "| %s | %.2f | %.2f | %.1f x |%n",
              size,
              Math.min(1, bytes / ((double) MANY * one)),
              hits,
              gain(hits, hit / miss)));
    }
    return """
    Texts drawn by Zipf's law (the r-th in proportion to 1/r) from a fixed set; %d bytes a text at K = %d. First the service, `palate.model.cache-bytes`
    against %,d short texts (a prompt and a response a request, %d connections in a closed loop), each read once before. Computed: 1 / (1 - h + h / g), h the
    hit ratio, g what all hits gain.

    | cache | share of the texts that fits | hit ratio | requests/s, to no cache's | computed | requests/s |
    |---|---|---|---|---|---|
    %s
    Then the cache alone, with %,d texts (%,d MB), %,d draws after as many; what that is worth to the service, computed in the same way.

    | cache | share of the texts that fits | hit ratio | requests/s, to no cache's, computed |
    |---|---|---|---|
    %s
    The device is spared only what is remembered: half the gain of all hits needs a hit ratio of about %.2f here. What to do: raise `palate.model.cache-bytes` (heap with it)
    until `palate_score_cache_evictions_total` stands still; send users of the same texts to the same replica, since each replica has a cache of its own.
    """
        .formatted(
            one,
            k,
            2 * ITEMS,
            LINES,
            small,
            MANY,
            (long) MANY * one / 1_000_000,
            DRAWS,
            large,
            half(hit / miss));
  }

  /** Requests/s to those without a hit, where a hit is g times as fast and the machine is busy. */
  private static double gain(double hits, double g) {
    return 1 / (1 - hits + hits / g);
  }

  /** The hit ratio with half the gain of all hits. */
  private static double half(double g) {
    return (1 - 2 / g) / (1 - 1 / g);
  }

  private static Row measure(PalateProcess palate, ApiClient api, String size) throws IOException {
    for (int to = ITEMS; to > 0; to -= BATCH) { // the most asked for last
      List<Map<String, Object>> items =
          IntStream.range(to - BATCH, to).mapToObj(CacheScale::item).toList();
      if (api.post("/score/batch", Map.of("items", items)).status() != 200) {
        throw new IllegalStateException("a batch was not answered");
      }
    }
    Zipf zipf = new Zipf(ITEMS);
    List<byte[]> requests =
        IntStream.range(0, ITEMS)
            .mapToObj(i -> HttpLine.post("/score", JSON.writeValueAsString(item(i))))
            .toList();
    Meters meters = new Meters(palate.port());
    Random random = new Random(3);
    try (Load load = new Load(palate.port(), LINES)) {
      load.perSecond(i -> requests.get(zipf.draw(random)), WARM_UP);
      double[] before = lookups(meters, size);
      double perSecond = load.perSecond(i -> requests.get(zipf.draw(random)), TURN);
      double[] after = lookups(meters, size);
      double hits = after[0] - before[0];
      double all = hits + after[1] - before[1];
      return new Row(size, all == 0 ? 0 : hits / all, perSecond);
    }
  }

  /** Hits and all others so far. */
  private static double[] lookups(Meters meters, String size) {
    if (DataSize.parse(size).toBytes() == 0) {
      return new double[2]; // nothing is looked up where nothing is kept
    }
    String name = "palate_score_cache_lookups_total{result=\"%s\"}";
    return new double[] {
      meters.value(name.formatted("hit")),
      meters.value(name.formatted("miss")) + meters.value(name.formatted("shared"))
    };
  }

  private static Map<String, Object> item(int i) {
    return Map.of(
        "prompt", "Is plan %d any good?".formatted(i),
        "responses", List.of("Plan %d is, on balance.".formatted(i)));
  }
}
