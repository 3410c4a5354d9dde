package dev.palate.journey;

import dev.palate.core.taste.SolverBenchmark;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** {@link SolverBenchmark}, run by JMH; {@code mvn -Pbench verify} writes docs/benchmarks.md. */
class SolverBench {

  private static final List<String> SIZES = List.of("16x20", "32x5", "32x20", "64x200");
  private static final Map<String, String> METHODS =
      new TreeMap<>(
          Map.of(
              "palate", "Palate",
              "palateWithNullBand", "Palate, null band included",
              "lbfgs", "L-BFGS",
              "adam", "500 steps of Adam",
              "adamOnSimplex", "500 steps of Adam on the simplex (LoRe)"));

  private record Measured(double micros, double error, double bytes) {}

  @Test
  void oneUserFromLabelsToWeights() throws RunnerException, IOException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(SolverBenchmark.class.getName())
                    .param("size", SIZES.toArray(String[]::new))
                    .forks(2)
                    .warmupIterations(3)
                    .warmupTime(TimeValue.milliseconds(500))
                    .measurementIterations(4)
                    .measurementTime(TimeValue.milliseconds(500))
                    .addProfiler(GCProfiler.class)
                    .shouldFailOnError(true)
                    .build())
            .run();
    Map<String, Measured> measured = new TreeMap<>();
    for (RunResult result : results) {
      String method = result.getPrimaryResult().getLabel();
      measured.put(
          result.getParams().getParam("size") + " " + method,
          new Measured(
              result.getPrimaryResult().getScore(),
              result.getPrimaryResult().getScoreError(),
              result.getSecondaryResults().get("gc.alloc.rate.norm").getScore()));
    }
    BenchmarkReport.section("Solver", report(measured));
  }

  private static String report(Map<String, Measured> measured) {
    StringBuilder text =
        new StringBuilder(
            """
            One user from labels to weights: `TasteSolver` against a generic L-BFGS (ten pairs, to a gradient of 1e-6) and 500 steps of Adam, free and on the
            simplex as LoRe runs it, on the same objective and the same labels of 8 users. Random experts and a learned-like prior; scale 1.04, label noise
            .01, top 2 as in the demo bundle. The solver's time includes validation, ordering and uncertainty; with the null band, 64 further solves. JMH, two
            forks; `mvn -Pbench verify -Dit.test=SolverBench`.

            | K x labels | method | time, times Palate's | objective reached, above Palate's | us a user | bytes allocated a user |
            |---|---|---|---|---|---|
            """);
    for (String size : SIZES) {
      SolverBenchmark users = new SolverBenchmark();
      users.size = size;
      users.makeUsers();
      double lowest = users.objective("palate");
      double fastest = measured.get(size + " palate").micros;
      for (String method :
          List.of("palate", "palateWithNullBand", "lbfgs", "adam", "adamOnSimplex")) {
        Measured one = measured.get(size + " " + method);
        String objective =
            switch (method) {
              case "palate" -> String.format(Locale.ROOT, "(%.6f)", lowest);
              case "palateWithNullBand" -> "the same";
              default -> String.format(Locale.ROOT, "%+.1e", users.objective(method) - lowest);
            };
        text.append(
            String.format(
                Locale.ROOT,
                "| %s | %s | %.3g | %s | %.1f ± %.1f | %,.0f |%n",
                size.replace("x", " x "),
                METHODS.get(method),
                one.micros / fastest,
                objective,
                one.micros,
                one.error,
                one.bytes));
      }
    }
    return text.toString();
  }
}
