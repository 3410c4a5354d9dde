package dev.palate.lab.traits;

import dev.palate.core.traits.SharedExperts;
import dev.palate.core.traits.TextTraits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fits the recipe to the data sets in the folder {@code palate.traits.data} and prints, for each
 * expert, how often it alone picks its side in the pairs of the taste set in {@code
 * palate.traits.taste}, and which other expert does best there. {@code palate.traits.half}: A (odd
 * lines within a trait, the default) or B. Prints a line and ends where a folder is absent.
 */
final class TasteTable {

  private static final List<String> SETS =
      List.of(
          "hh-rlhf-helpful-test",
          "ultrafeedback-sample",
          "crowd-rag-25",
          "llmfao",
          "summarize-feedback-part",
          "halie-summaries");

  private static final int PAIRS_PER_SET = 1000;

  /** The taste set's names of the experts, in their order. */
  private static final List<String> TRAITS =
      List.of(
          "brevity",
          "structure",
          "formality",
          "warmth",
          "expressiveness",
          "caution",
          "directness",
          "concreteness",
          "code_first",
          "figurative",
          "reader_address",
          "plainness");

  private record Pair(String prompt, String more, String less) {}

  private TasteTable() {}

  public static void main(String[] args) throws IOException {
    Path data = Path.of(System.getProperty("palate.traits.data", "none"));
    Path taste = Path.of(System.getProperty("palate.traits.taste", "none"));
    boolean halfA = System.getProperty("palate.traits.half", "A").equals("A");
    if (!Files.isDirectory(data) || !Files.isDirectory(taste)) {
      System.out.println("Skipped: set palate.traits.data and palate.traits.taste to folders.");
      return;
    }
    SharedExperts experts = fit(data);
    Map<String, List<Pair>> pairs = read(taste, halfA);
    System.out.println("half " + (halfA ? "A" : "B"));
    System.out.println("expert                  pairs  alone  other  (best other), inverse other");
    for (int k = 0; k < TRAITS.size(); k++) {
      row(experts, k, pairs.getOrDefault(TRAITS.get(k), List.of()));
    }
  }

  private static SharedExperts fit(Path data) throws IOException {
    List<float[]> chosen = new ArrayList<>();
    List<float[]> rejected = new ArrayList<>();
    for (String set : SETS) {
      List<JsonNode> rows = lines(data.resolve(set).resolve("pairs.jsonl.gz"));
      rows.removeIf(row -> !row.path("split").asString().startsWith("train"));
      int step = Math.max(1, rows.size() / PAIRS_PER_SET);
      for (int i = 0; i < rows.size(); i += step) {
        chosen.add(TextTraits.of(rows.get(i).path("chosen").asString()));
        rejected.add(TextTraits.of(rows.get(i).path("rejected").asString()));
      }
    }
    SharedExperts experts = SharedExpertRecipe.fit(chosen, rejected);
    System.out.println(chosen.size() + " training pairs");
    if (Boolean.getBoolean("palate.traits.moments")) {
      for (int t = 0; t < TextTraits.NAMES.size(); t++) {
        System.out.printf(
            "%-18s low %6.2f high %6.2f mean %6.2f deviation %5.2f%n",
            TextTraits.NAMES.get(t),
            experts.low()[t],
            experts.high()[t],
            experts.mean()[t],
            experts.deviation()[t]);
      }
    }
    return experts;
  }

  private static void row(SharedExperts experts, int k, List<Pair> pairs) {
    int[] right = new int[experts.expertCount()];
    for (Pair pair : pairs) {
      float[] more = experts.rewards(pair.more());
      float[] less = experts.rewards(pair.less());
      for (int j = 0; j < right.length; j++) {
        right[j] += more[j] > less[j] ? 1 : 0;
      }
      if (more[k] <= less[k] && Boolean.getBoolean("palate.traits.misses")) {
        misses(experts, k, pair);
      }
    }
    int best = -1;
    int inverse = -1;
    for (int j = 0; j < right.length; j++) {
      if (j != k) {
        best = best < 0 || right[j] > right[best] ? j : best;
        inverse = inverse < 0 || right[j] < right[inverse] ? j : inverse;
      }
    }
    double n = Math.max(1, pairs.size());
    System.out.printf(
        "%-22s %6d  %.3f  %.3f  %s; %.3f -%s%n",
        experts.names().get(k),
        pairs.size(),
        right[k] / n,
        right[best] / n,
        experts.names().get(best),
        1 - right[inverse] / n,
        experts.names().get(inverse));
  }

  /** Which traits spoke for and against, of a pair that the expert has wrong. */
  private static void misses(SharedExperts experts, int k, Pair pair) {
    float[] more = TextTraits.of(pair.more());
    float[] less = TextTraits.of(pair.less());
    StringBuilder parts = new StringBuilder();
    for (int t = 0; t < more.length; t++) {
      double by =
          experts.deviation()[t] == 0
              ? 0
              : experts.weights()[k][t] * (more[t] - less[t]) / experts.deviation()[t];
      if (Math.abs(by) > .1) {
        parts.append(" %s %.2f".formatted(TextTraits.NAMES.get(t), by));
      }
    }
    System.out.println("MISS " + experts.names().get(k) + parts);
    System.out.println("  + " + cut(pair.more()) + "\n  - " + cut(pair.less()));
  }

  private static String cut(String text) {
    String line = text.replace("\n", "\\n");
    return line.substring(0, Math.min(300, line.length()));
  }

  private static Map<String, List<Pair>> read(Path folder, boolean halfA) throws IOException {
    Map<String, List<Pair>> half = new LinkedHashMap<>();
    Map<String, Integer> running = new LinkedHashMap<>();
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files =
          found
              .filter(file -> file.getFileName().toString().matches("taste-\\d+\\.jsonl"))
              .sorted(Comparator.comparing(Path::toString))
              .toList();
    }
    for (Path file : files) {
      for (JsonNode row : lines(file)) {
        String trait = row.path("trait").asString();
        boolean odd = running.merge(trait, 1, Integer::sum) % 2 == 1;
        if (odd == halfA) {
          half.computeIfAbsent(trait, t -> new ArrayList<>())
              .add(
                  new Pair(
                      row.path("prompt").toString(),
                      row.path("more").asString(),
                      row.path("less").asString()));
        }
      }
    }
    return half;
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                file.toString().endsWith(".gz")
                    ? new GZIPInputStream(Files.newInputStream(file))
                    : Files.newInputStream(file),
                StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        rows.add(JsonMapper.shared().readTree(line));
      }
    }
    return rows;
  }
}
