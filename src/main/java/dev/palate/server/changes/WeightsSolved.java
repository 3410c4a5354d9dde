package dev.palate.user;

/** Published after new weights are committed. */
public record WeightsSolved(UserId user, String modelVersion, long solvedSeq) {}
