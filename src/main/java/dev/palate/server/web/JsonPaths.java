package dev.palate.server.web;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/** Names a field of a request as its sender wrote it: {@code labels[2].client_id}. */
final class JsonPaths {

  private static final Pattern HUMP = Pattern.compile("([a-z0-9])([A-Z])");

  private JsonPaths() {}

  /** A Java property path in the API's spelling. */
  static String snakeCase(String javaPath) {
    return HUMP.matcher(javaPath).replaceAll("$1_$2").toLowerCase(Locale.ROOT);
  }

  static String of(List<JacksonException.Reference> path) {
    StringBuilder text = new StringBuilder();
    for (JacksonException.Reference step : path) {
      String name = step.getPropertyName();
      if (name != null) {
        text.append(text.isEmpty() ? "" : ".").append(name);
      } else if (step.getIndex() >= 0) {
        text.append('[').append(step.getIndex()).append(']');
      }
    }
    return text.toString();
  }

  /** Joins a path with one relative to it: {@code prompt} and {@code [1].role}. */
  static String join(String base, String relative) {
    if (base.isEmpty() || relative.isEmpty() || relative.startsWith("[")) {
      return base + relative;
    }
    return base + "." + relative;
  }
}
