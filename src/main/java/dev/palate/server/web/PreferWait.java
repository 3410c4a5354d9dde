package dev.palate.server.web;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code Prefer: wait=N} (RFC 7240): how many seconds the client is willing to wait. */
public final class PreferWait {

  /** Longer wishes are cut to this. */
  public static final Duration MAX = Duration.ofSeconds(60);

  private static final Pattern WAIT =
      Pattern.compile("\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(;.*)?");

  private PreferWait() {}

  /**
   * The wait asked for, at most {@link #MAX}. Empty without one; as the RFC has it, a preference
   * that is not understood is no error.
   */
  public static Optional<Duration> parse(@Nullable String header) {
    if (header == null) {
      return Optional.empty();
    }
    for (String preference : header.toLowerCase(Locale.ROOT).split(",", -1)) {
      Matcher wait = WAIT.matcher(preference);
      if (wait.matches()) {
        Duration asked = Duration.ofSeconds(Long.parseLong(wait.group(1)));
        return Optional.of(asked.compareTo(MAX) < 0 ? asked : MAX);
      }
    }
    return Optional.empty();
  }
}
