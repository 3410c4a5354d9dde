package dev.palate.server.users;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * {@code palate.retention.*}.
 *
 * @param labelTexts how long prompt, chosen and rejected of a label, and comparisons that nobody
 *     labels, are kept; null: for ever
 */
@ConfigurationProperties("palate.retention")
record RetentionSettings(@Nullable Duration labelTexts) {

  private static final Duration SHORTEST = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofDays(36_500);

  RetentionSettings {
    if (labelTexts != null
        && (labelTexts.compareTo(SHORTEST) < 0 || labelTexts.compareTo(LONGEST) > 0)) {
      throw new IllegalArgumentException(
          "'palate.retention.label-texts' must be 1h to 36500d (a number alone is milliseconds), was "
              + labelTexts);
    }
  }
}
