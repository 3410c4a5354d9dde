package dev.palate.reliability;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the tests of this JVM sent that no log may hold: texts, which are JSON strings of some
 * words, and the secrets of keys. Shorter ones might be anything, and are {@code LogsTest}'s.
 */
public final class SentTexts {

  private static final int LEAST = 8;

  /** Of a longer text the beginning counts: a log might cut it off. */
  private static final int MOST = 24;

  /** Up to what JSON escapes, which a log would show otherwise. */
  private static final Pattern STRING = Pattern.compile("\"([^\"\\\\]{" + LEAST + ",})");

  private static final Map<String, Set<String>> BY_START = new ConcurrentHashMap<>();
  private static final AtomicLong COUNT = new AtomicLong();

  private SentTexts() {}

  /** Takes the texts out of a request's body, JSON or what was meant to be. */
  public static void inBody(String json) {
    Matcher strings = STRING.matcher(json);
    while (strings.find()) {
      String text = strings.group(1);
      if (text.indexOf(' ', 1) > 0) {
        add(text);
      }
    }
  }

  /** Takes the secret out of an {@code Authorization} header's value. */
  public static void inHeader(String authorization) {
    String secret = authorization.substring(authorization.lastIndexOf('.') + 1);
    if (secret.length() >= LEAST) {
      add(secret);
    }
  }

  private static void add(String text) {
    String beginning = text.substring(0, Math.min(MOST, text.length()));
    if (BY_START
        .computeIfAbsent(beginning.substring(0, LEAST), start -> ConcurrentHashMap.newKeySet())
        .add(beginning)) {
      COUNT.incrementAndGet();
    }
  }

  /** How many different ones there were. */
  public static long count() {
    return COUNT.get();
  }

  /** One that a log's line holds. */
  public static Optional<String> foundIn(String line) {
    for (int i = 0; i + LEAST <= line.length(); i++) {
      for (String text : BY_START.getOrDefault(line.substring(i, i + LEAST), Set.of())) {
        if (line.startsWith(text, i)) {
          return Optional.of(text);
        }
      }
    }
    return Optional.empty();
  }
}
