package dev.palate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a cached {@code POST /score} costs beyond an endpoint of the same server that does nothing,
 * all kinds of requests in turns, so that each sees the same machine. {@code mvn -Pbench verify
 * -Dit.test=ScoreCacheBench} writes its section of docs/benchmarks.md.
 */
class ScoreCacheBench {

  private static final int CONNECTIONS = 8;
  private static final int ROUNDS = 9;
  private static final Duration WARM_UP = Duration.ofSeconds(6);
  private static final Duration TURN = Duration.ofSeconds(2);

  @TempDir Path temp;

  private final AtomicInteger fresh = new AtomicInteger();

  private static final class Kind {
    final String name;
    final IntFunction<byte[]> request;
    final double[] perSecond = new double[ROUNDS];
    final double[] microsOfCpu = new double[ROUNDS];

    Kind(String name, IntFunction<byte[]> request) {
      this.name = name;
      this.request = request;
    }

    void turn(Load load, PalateProcess palate, int round) {
      Duration before = palate.cpu();
      perSecond[round] = load.perSecond(request, TURN);
      double cpu = palate.cpu().minus(before).toNanos() / 1e3;
      microsOfCpu[round] = cpu / (perSecond[round] * TURN.toMillis() / 1e3);
    }
  }

  @Test
  void aCachedScoreCostsLittleMoreThanAnEmptyRequest() throws IOException {
    byte[] anonymous = Requests.score(null, true, Requests.PROMPT);
    byte[] brief = Requests.score(null, false, Requests.PROMPT);
    byte[] personal = Requests.score("alice", true, Requests.PROMPT);
    byte[] nothing = Requests.scoreTo("/empty");
    List<Kind> kinds =
        List.of(
            new Kind("empty endpoint", i -> nothing),
            new Kind("cached, anonymous", i -> anonymous),
            new Kind("cached, anonymous, `explain: false`", i -> brief),
            new Kind("cached, a user's own weights", i -> personal),
            new Kind("never seen before", i -> Requests.newScore(fresh.incrementAndGet())));
    try (PalateProcess palate =
            PalateProcess.startWith(
                emptyEndpoint(), temp.resolve("data"), "--palate.bench.empty-endpoint=true");
        ApiClient api = palate.client();
        Load load = new Load(palate.port(), CONNECTIONS)) {
      assertThat(api.label("alice", 0, TersePairs.pairs(0, 8), "Prefer", "wait=20").status())
          .isEqualTo(200);
      kinds.forEach(kind -> load.perSecond(kind.request, WARM_UP));
      assertThat(load.once(anonymous)).contains("X-Cache: hit");
      assertThat(load.once(personal)).contains("X-Cache: hit").contains("\"personal\"");
      for (int round = 0; round < ROUNDS; round++) {
        for (Kind kind : kinds) {
          kind.turn(load, palate, round);
        }
      }
    }
    BenchmarkReport.section("Score cache", report(kinds));
  }

  private static String report(List<Kind> kinds) {
    Kind empty = kinds.getFirst();
    StringBuilder table = new StringBuilder();
    for (Kind kind : kinds) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %.2f | %.2f to %.2f | %.2f | %,.0f | %.0f |%n",
              kind.name,
              median(ratios(kind.perSecond, empty.perSecond)),
              smallest(ratios(kind.perSecond, empty.perSecond)),
              -smallest(negated(ratios(kind.perSecond, empty.perSecond))),
              median(ratios(kind.microsOfCpu, empty.microsOfCpu)),
              median(kind.perSecond),
              median(kind.microsOfCpu)));
    }
    return """
    `POST /score` with one prompt and two responses against an endpoint of the same server that answers nothing to the same bytes; %d open
    connections, each sending its next request when the last is answered; generator and server share the machine. %d rounds, in each of them every kind
    for %d s in turn; medians. Goal: cached, anonymous, at .7 of the empty endpoint or more.

    | | requests/s, to the empty endpoint's | its range | server's processor time a request, to the empty endpoint's | requests/s | server's processor time a request, us |
    |---|---|---|---|---|---|
    %s\
    """
        .formatted(CONNECTIONS, ROUNDS, TURN.toSeconds(), table);
  }

  private static double[] ratios(double[] of, double[] to) {
    double[] ratios = new double[of.length];
    for (int i = 0; i < of.length; i++) {
      ratios[i] = of[i] / to[i];
    }
    return ratios;
  }

  private static double[] negated(double[] values) {
    return Arrays.stream(values).map(v -> -v).toArray();
  }

  private static double smallest(double[] values) {
    return Arrays.stream(values).min().orElseThrow();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** A directory that holds the one class. */
  private Path emptyEndpoint() throws IOException {
    String file = EmptyEndpoint.class.getName().replace('.', '/') + ".class";
    Path target = temp.resolve("classes").resolve(file);
    Files.createDirectories(target.getParent());
    try (InputStream in = EmptyEndpoint.class.getClassLoader().getResourceAsStream(file)) {
      Files.write(target, in.readAllBytes());
    }
    return temp.resolve("classes");
  }
}
