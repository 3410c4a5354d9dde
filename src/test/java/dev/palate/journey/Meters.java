package dev.palate.journey;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A running Palate's own meters, as Prometheus reads them. */
record Meters(int port) {

  /**
   * @param series name and labels as they are printed, such as {@code
   *     palate_score_cache_lookups_total{result="hit"}}
   */
  double value(String series) {
    try (HttpLine line = new HttpLine(port)) {
      line.exchange(HttpLine.get("/actuator/prometheus"));
      return line.answer()
          .lines()
          .filter(text -> text.startsWith(series + " "))
          .mapToDouble(text -> Double.parseDouble(text.substring(series.length() + 1)))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no meter " + series));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
