package dev.palate.server.store;

/**
 * A user's new weights, to be written.
 *
 * @param read the state read with the labels
 */
public record SolvedUser(UserId user, UserState read, SolvedWeights weights) {}
