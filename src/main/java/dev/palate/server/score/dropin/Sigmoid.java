package dev.palate.server.score.dropin;

/** Rewards have no bounds; where a form has scores between 0 and 1, they are these. */
final class Sigmoid {

  private Sigmoid() {}

  /** 1 / (1 + exp(-reward)): in order of the rewards, 0.5 for a reward of 0. */
  static double of(double reward) {
    return 1 / (1 + Math.exp(-reward));
  }
}
