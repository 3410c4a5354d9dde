package dev.palate.server.store;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a user's weights stand to their labels. */
public enum WeightsStatus {
  /** Solved from all labels. */
  CURRENT,
  /** Labels came or went since the last solve; the next is on its way. */
  PENDING,
  /** Never labelled: the model's prior. */
  PRIOR;

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
