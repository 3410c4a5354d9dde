package dev.palate.server.security;

import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/** The caller of the request that the current thread works on. */
@Component
public class Callers {

  private final boolean known;
  private final Quotas quotas;

  Callers(SecuritySettings settings, Quotas quotas) {
    this.known = settings.mode() != SecurityMode.NONE;
    this.quotas = quotas;
  }

  /** Whether callers must say who they are. */
  boolean areKnown() {
    return known;
  }

  public Caller current() {
    if (!known) {
      return Caller.ANYONE;
    }
    Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
    if (authentication instanceof CallerAuthentication caller) {
      return caller.caller();
    }
    throw new IllegalStateException("Reached without authentication");
  }

  /** The current caller's id, to be noted with what they did. */
  public String currentId() {
    return current().id();
  }

  /**
   * For a user who is named in the body, where no path says so.
   *
   * @param user null: nobody in particular, whom every caller reaches
   * @throws ProblemException NOT_FOUND if the caller is bound to somebody else
   */
  public void mustReach(@Nullable String user) {
    if (user != null && !current().reach().covers(user)) {
      throw unseen();
    }
  }

  /** Counts the tokens of what was scored for the caller against the caller's quota of tokens. */
  public void spent(long tokens) {
    if (known) {
      quotas.spent(current().id(), tokens);
    }
  }

  static ProblemException unseen() {
    return new ProblemException(ErrorCode.NOT_FOUND, "There is no such user here");
  }
}
