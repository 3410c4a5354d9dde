package dev.palate.lab.sets;

/** A model under evaluation; its margins are those without a user. */
interface ScoringTarget extends PairScorer, AutoCloseable {

  /** The bundle's name. */
  String name();

  /** The bundle's version. */
  String version();

  /** K. */
  int expertCount();

  /** A user without labels. */
  SimulatedUser newUser();

  @Override
  void close();
}
