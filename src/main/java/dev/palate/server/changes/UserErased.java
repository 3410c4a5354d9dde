package dev.palate.user;

/** Published after a user's erasure is committed: caches drop what is theirs. */
public record UserErased(UserId user) {}
