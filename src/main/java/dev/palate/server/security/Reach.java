package dev.palate.server.security;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose data a caller may touch: one user's, those of all users whose id begins with a prefix, or
 * everyone's. What lies outside reads as if it were not there.
 *
 * @param user the one user; null: not bound to one
 * @param prefix ends in one of {@code . _ - @ :}, so that {@code acme:} never covers {@code acme2};
 *     null: not bound to a tenant
 */
public record Reach(@Nullable String user, @Nullable String prefix) {

  public static final Reach EVERYONE = new Reach(null, null);

  /** The characters of a user id, as the user room has them. */
  public static final String USER_PATTERN = "^[A-Za-z0-9._@:-]{1,128}$";

  public static final String PREFIX_PATTERN = "^[A-Za-z0-9._@:-]{0,126}[._@:-]$";

  private static final Pattern USER = Pattern.compile(USER_PATTERN);

  private static final Pattern PREFIX = Pattern.compile(PREFIX_PATTERN);

  public Reach {
    if (user != null && prefix != null) {
      throw new IllegalArgumentException("bound to one user or to a prefix, not to both");
    }
  }

  public static boolean isUser(String user) {
    return USER.matcher(user).matches();
  }

  public static boolean isPrefix(String prefix) {
    return PREFIX.matcher(prefix).matches();
  }

  boolean isEveryone() {
    return user == null && prefix == null;
  }

  boolean covers(String id) {
    if (user != null) {
      return user.equals(id);
    }
    return prefix == null || id.startsWith(prefix);
  }

  /** Whether it is bound to exactly this user. */
  boolean isOnly(String id) {
    return id.equals(user);
  }
}
