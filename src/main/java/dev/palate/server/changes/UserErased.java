package dev.palate.server.changes;

import dev.palate.server.store.UserId;

/** Published after a user's erasure is committed: caches drop what is theirs. */
public record UserErased(UserId user) {}
