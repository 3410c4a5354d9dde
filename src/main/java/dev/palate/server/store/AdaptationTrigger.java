package dev.palate.server.store;

/** The background job's door: who must be solved anew. All join the caller's transaction. */
public interface AdaptationTrigger {

  /** The user's weights will be solved soon after the transaction commits; never if it does not. */
  void schedule(UserId user);

  /** Whatever was scheduled for the user is taken back. */
  void cancel(UserId user);

  /** Whether anything is scheduled for the user. */
  boolean isScheduled(UserId user);
}
