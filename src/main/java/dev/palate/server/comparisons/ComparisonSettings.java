package dev.palate.server.comparisons;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code palate.comparisons.*}.
 *
 * @param maxPerUser how many comparisons a user may have that are not labelled yet
 */
@ConfigurationProperties("palate.comparisons")
record ComparisonSettings(@DefaultValue("500") int maxPerUser) {

  private static final int MOST = 1_000;

  ComparisonSettings {
    if (maxPerUser < 1 || maxPerUser > MOST) {
      throw new IllegalArgumentException(
          "'palate.comparisons.max-per-user' must be 1 to %d, was %d".formatted(MOST, maxPerUser));
    }
  }
}
