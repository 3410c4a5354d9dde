package dev.palate.server.changes;

/**
 * Whether all replicas' changes reach this one as {@link UserChanged}. What was read in a session
 * and not reported changed since is up to date as long as that session lasts.
 */
public interface UserChanges {

  /** The session that lasts now or was the last to; 0 before the first. */
  long session();

  /** Whether that session lasts: it is unbroken, and was seen to be a moment ago. */
  boolean listening();

  /** Since when nothing was heard: how old, in nanoseconds, the session's word is. */
  long silenceNanos();
}
