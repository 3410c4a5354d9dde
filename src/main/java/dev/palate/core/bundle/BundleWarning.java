package dev.palate.core.bundle;

import java.util.regex.Pattern;

/**
 * Why a bundle may disappoint, known when it was trained.
 *
 * @param code for machines: lower-case words joined by {@code _}
 * @param message for people: a sentence that says what to do
 */
public record BundleWarning(String code, String message) {

  private static final Pattern CODE = Pattern.compile("[a-z]+(_[a-z]+)*");

  /**
   * @throws IllegalArgumentException naming the field that is not as described
   */
  public BundleWarning {
    if (code == null || !CODE.matcher(code).matches()) {
      throw new IllegalArgumentException("'code' must be lower-case words joined by '_'");
    }
    if (message == null || message.isBlank()) {
      throw new IllegalArgumentException("'message' must not be blank");
    }
  }
}
