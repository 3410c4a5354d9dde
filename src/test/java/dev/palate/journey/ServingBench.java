package dev.palate.journey;

import dev.palate.core.model.torch.BareEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service over HTTP against the engine alone: how much of its tokens a second {@code POST
 * /score/batch} gives, and how much longer than one forward a small {@code POST /score} takes. The
 * two take turns on one machine; every text is new, so that no cache helps. {@code mvn -Pbench
 * verify -Dit.test=ServingBench} writes docs/benchmarks.md.
 */
class ServingBench {

  private static final int ROUNDS = 5;
  private static final int CLIENTS = 3;
  private static final int REQUESTS = 6; // a round
  private static final int ITEMS = 16;
  private static final int RESPONSES = 4;
  private static final int BATCH_TOKENS = 8192; // the service's own default
  private static final int SMALL = 60;
  private static final Path BUNDLE = Path.of("models", "demo");

  @TempDir Path temp;

  private final Random random = new Random(4);

  private record Item(String prompt, List<String> responses) {}

  @Test
  void serviceAgainstBareEngine() throws Exception {
    try (BareEngine engine = BareEngine.of(BUNDLE, temp.resolve("engine"));
        PalateProcess palate = PalateProcess.start(temp.resolve("data"));
        ApiClient api = palate.client()) {
      throughput(engine, api, 1); // both warm
      double[][] rates = throughput(engine, api, ROUNDS);
      small(engine, api, SMALL);
      double[][] small = small(engine, api, SMALL);
      BenchmarkReport.section(
          "Serving",
          report(rates, small) + memory(palate.residentMebibytes(), "after this load") + "\n");
    }
  }

  /** In the type that the service chooses, bf16 where the processor has it, and in fp32. */
  @Test
  void memoryOfAReplica() throws IOException {
    Map<String, String> replicas = new LinkedHashMap<>();
    for (String dtype : List.of("auto", "fp32")) {
      // the second start finds the archive that the first one assembled
      PalateProcess.start(temp.resolve(dtype), "--palate.model.dtype=" + dtype).close();
      try (PalateProcess palate =
              PalateProcess.start(temp.resolve(dtype), "--palate.model.dtype=" + dtype);
          ApiClient api = palate.client()) {
        String ran = api.get("/model").body().path("dtype").asString();
        replicas.put(ran, memory(palate.residentMebibytes(), ran + ", once ready"));
      }
    }
    BenchmarkReport.section(
        "Memory of a replica",
        "Heap, engine and model; PostgreSQL not counted.\n"
            + String.join("", replicas.values())
            + "\n");
  }

  private static String memory(long mebibytes, String when) {
    return "%n- resident memory %s: %d MiB".formatted(when, mebibytes);
  }

  private static String report(double[][] rates, double[][] small) {
    double engine = percentile(rates[0], .5);
    double http = percentile(rates[1], .5);
    double forward = percentile(small[0], .5);
    double request = percentile(small[1], .5);
    return String.format(
        Locale.ROOT,
        """
        The demo bundle on the CPU, texts of about 8 to 250 tokens, each new. Throughput: medians of %d rounds of %d requests with %d items of %d responses from
        %d clients, the engine alone reading the same number of texts of the same kind in sorted batches. Small request: a prompt and one response, %d requests one
        after another, against one forward of two such texts. Goals: .9 of the tokens a second, 1.3 x the time.

        | | ratio | engine alone | over HTTP |
        |---|---|---|---|
        | tokens a second, `POST /score/batch` | %.2f | %.0f | %.0f |
        | p50 of a small `POST /score`, ms | %.2f x | %.1f | %.1f |
        | p99 of a small `POST /score`, ms | %.2f x | %.1f | %.1f |
        """,
        ROUNDS,
        REQUESTS,
        ITEMS,
        RESPONSES,
        CLIENTS,
        SMALL,
        http / engine,
        engine,
        http,
        request / forward,
        forward,
        request,
        percentile(small[1], .99) / percentile(small[0], .99),
        percentile(small[0], .99),
        percentile(small[1], .99));
  }

  /** Tokens a second of each round: the engine's, then the service's. */
  private double[][] throughput(BareEngine engine, ApiClient api, int rounds)
      throws InterruptedException, ExecutionException {
    double[][] rates = new double[2][rounds];
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      for (int round = 0; round < rounds; round++) {
        List<int[]> sequences = engine.tokenize(texts(requests()));
        long start = System.nanoTime();
        engine.run(sequences, BATCH_TOKENS);
        rates[0][round] = tokens(sequences) / seconds(start);

        List<List<Item>> requests = requests();
        double tokens = tokens(engine.tokenize(texts(requests)));
        start = System.nanoTime();
        List<Future<?>> answers = new ArrayList<>();
        for (List<Item> request : requests) {
          answers.add(clients.submit(() -> post(api, "/score/batch", Map.of("items", request))));
        }
        for (Future<?> answer : answers) {
          answer.get();
        }
        rates[1][round] = tokens / seconds(start);
      }
    }
    return rates;
  }

  /** Milliseconds of each request: a bare forward's, then the service's. */
  private double[][] small(BareEngine engine, ApiClient api, int count) {
    double[][] times = new double[2][count];
    for (int i = 0; i < count; i++) {
      List<int[]> sequences = engine.tokenize(List.of(text(45), text(45)));
      long start = System.nanoTime();
      engine.run(sequences, BATCH_TOKENS);
      times[0][i] = 1e3 * seconds(start);

      Item item = new Item(text(45), List.of(text(45)));
      start = System.nanoTime();
      post(api, "/score", item);
      times[1][i] = 1e3 * seconds(start);
    }
    return times;
  }

  private static void post(ApiClient api, String path, Object body) {
    ApiClient.Answer answer = api.post(path, body);
    if (answer.status() != 200) {
      throw new AssertionError(path + ": " + answer.status() + " " + answer.body());
    }
  }

  private List<List<Item>> requests() {
    return IntStream.range(0, REQUESTS)
        .mapToObj(r ->
            IntStream.range(0, ITEMS)
                .mapToObj(i ->
                    new Item(
                        text(mixed()),
                        IntStream.range(0, RESPONSES).mapToObj(j -> text(mixed())).toList()))
                .toList())
        .toList();
  }

  private static List<String> texts(List<List<Item>> requests) {
    List<String> texts = new ArrayList<>();
    requests.forEach(request ->
        request.forEach(item -> {
          texts.add(item.prompt());
          texts.addAll(item.responses());
        }));
    return texts;
  }

  private int mixed() {
    double u = random.nextDouble();
    return (int) (6 * Math.pow(28, u * u));
  }

  /** So many words of two syllables, most of them two tokens or one. */
  private String text(int words) {
    String[] first = {"bar", "can", "fin", "gar", "man", "mar", "pan", "sal", "tan", "win"};
    String[] second = {"den", "dy", "ger", "ner", "tle", "ter", "ton", "ty", "el", "ing"};
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(first[random.nextInt(first.length)]);
      text.append(second[random.nextInt(second.length)]).append(i % 11 == 10 ? ". " : " ");
    }
    return text.append(random.nextInt(1_000_000)).toString();
  }

  private static double tokens(List<int[]> sequences) {
    return sequences.stream().mapToInt(ids -> ids.length).sum();
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static double percentile(double[] values, double p) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)];
  }
}
