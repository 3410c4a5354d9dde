package dev.palate.lab.evaluate;

import dev.palate.lab.controlled.ControlledReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.webjars.WebJarVersionLocator;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes report.json and report.html. The page holds the figures and the charting library within
 * itself: it needs no network and no server.
 */
final class ReportFiles {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private ReportFiles() {}

  /**
   * @param directory made where there is none
   */
  static void write(Report report, Path directory) {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("report.json"), json(report));
      Files.writeString(directory.resolve("report.html"), html(report));
    } catch (IOException e) {
      throw new UncheckedIOException("the report cannot be written to '" + directory + "'", e);
    }
  }

  /** Writes controlled.json. */
  static void write(ControlledReport report, Path directory) {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("controlled.json"), JSON.writeValueAsString(report));
    } catch (IOException e) {
      throw new UncheckedIOException("the study cannot be written to '" + directory + "'", e);
    }
  }

  /** Writes comparisons.json. */
  static void write(ComparisonReport report, Path directory) {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("comparisons.json"), JSON.writeValueAsString(report));
    } catch (IOException e) {
      throw new UncheckedIOException("the report cannot be written to '" + directory + "'", e);
    }
  }

  static String json(Report report) {
    return JSON.writeValueAsString(report);
  }

  static String html(Report report) throws IOException {
    String library =
        Objects.requireNonNull(
            new WebJarVersionLocator().fullPath("echarts", "echarts.min.js"),
            "the charting library is not on the class path");
    return resource("evaluation/report.html")
        .replace("/*STYLE*/", resource("evaluation/report.css"))
        .replace("/*LIBRARY*/", resource(library))
        // Within a script, only a tag could end the text early
        .replace("/*REPORT*/", json(report).replace("<", "\\u003c"))
        .replace("/*SCRIPT*/", resource("evaluation/report.js"));
  }

  private static String resource(String path) throws IOException {
    try (InputStream in = ReportFiles.class.getClassLoader().getResourceAsStream(path)) {
      return new String(
          Objects.requireNonNull(in, () -> "no resource " + path).readAllBytes(),
          StandardCharsets.UTF_8);
    }
  }
}
