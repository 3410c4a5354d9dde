package dev.palate.server.changes;

/**
 * Published after a user's labels or weights changed, here or in another replica: what was read of
 * them before is out of date. It may come twice, and where there was no change.
 *
 * @param erased nothing that was read of the user may be used any more
 */
public record UserChanged(UserDigest user, boolean erased) {}
