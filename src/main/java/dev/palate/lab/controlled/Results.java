package dev.palate.lab.controlled;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One experiment's figures.
 *
 * @param id a short word for files and JSON
 * @param title a line
 * @param about what the rows and figures mean
 * @param rows in the order of printing
 */
public record Results(String id, String title, String about, List<Row> rows) {

  /**
   * @param figures by name; a figure that a row does not have is missing
   */
  public record Row(String name, Map<String, Spread> figures) {}

  /**
   * @throws IllegalArgumentException if there is no such figure
   */
  Spread figure(String row, String figure) {
    return rows.stream()
        .filter(candidate -> candidate.name().equals(row))
        .findFirst()
        .map(found -> found.figures().get(figure))
        .orElseThrow(() -> new IllegalArgumentException("no '%s' of '%s'".formatted(figure, row)));
  }

  /** Title, explanation and table. */
  String markdown() {
    Set<String> figures = new LinkedHashSet<>();
    rows.forEach(row -> figures.addAll(row.figures().keySet()));
    StringBuilder text = new StringBuilder("## " + title + "\n\n" + about + "\n\n| |");
    figures.forEach(figure -> text.append(' ').append(figure).append(" |"));
    text.append("\n|---|").append("---:|".repeat(figures.size())).append('\n');
    for (Row row : rows) {
      text.append("| ").append(row.name()).append(" |");
      for (String figure : figures) {
        Spread spread = row.figures().get(figure);
        text.append(' ').append(spread == null ? "" : cell(spread)).append(" |");
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String cell(Spread spread) {
    String mean = number(spread.mean());
    return spread.seeds().size() == 1 ? mean : mean + " ± " + number(spread.deviation());
  }

  private static String number(double value) {
    String number = String.format(Locale.ROOT, "%.3f", value);
    return number.equals("-0.000") ? "0.000" : number;
  }

  /** Gathers each seed's figures by row. */
  static final class Gathering {

    private final Map<String, Map<String, List<Double>>> rows = new LinkedHashMap<>();

    void add(String row, Map<String, Double> figures) {
      Map<String, List<Double>> seeds = rows.computeIfAbsent(row, key -> new LinkedHashMap<>());
      figures.forEach(
          (name, value) -> seeds.computeIfAbsent(name, key -> new ArrayList<>()).add(value));
    }

    List<Row> rows() {
      return rows.entrySet().stream()
          .map(row -> new Row(row.getKey(), spreads(row.getValue())))
          .toList();
    }

    private static Map<String, Spread> spreads(Map<String, List<Double>> figures) {
      return figures.entrySet().stream()
          .collect(
              Collectors.toMap(
                  Map.Entry::getKey,
                  figure ->
                      Spread.of(
                          figure.getValue().stream().mapToDouble(Double::doubleValue).toArray()),
                  (a, b) -> a,
                  LinkedHashMap::new));
    }
  }
}
