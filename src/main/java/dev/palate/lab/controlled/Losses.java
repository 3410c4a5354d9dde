package dev.palate.lab.controlled;

import dev.palate.lab.train.TrainingSettings;

/**
 * What a variant changes of the training objective (MODEL.md, Training on binary pairs).
 *
 * @param name as the tables print it
 * @param experts K
 */
record Losses(
    String name,
    int experts,
    double localSparsity,
    double globalBalance,
    double diversity,
    double l2) {

  static Losses ours(TrainingSettings settings) {
    return new Losses(
        "our losses",
        settings.experts(),
        settings.localSparsity(),
        settings.globalBalance(),
        settings.diversity(),
        settings.l2());
  }

  /** A mixture that knows Bradley-Terry only. */
  Losses dense() {
    return new Losses("dense mixture", experts, 0, 0, 0, l2);
  }

  Losses withExperts(String as, int k) {
    return new Losses(as, k, localSparsity, globalBalance, diversity, l2);
  }

  Losses withLocalSparsity(String as, double strength) {
    return new Losses(as, experts, strength, globalBalance, diversity, l2);
  }

  Losses withGlobalBalance(String as, double strength) {
    return new Losses(as, experts, localSparsity, strength, diversity, l2);
  }

  Losses withDiversity(String as, double strength) {
    return new Losses(as, experts, localSparsity, globalBalance, strength, l2);
  }

  Losses withL2(String as, double strength) {
    return new Losses(as, experts, localSparsity, globalBalance, diversity, strength);
  }

  /** The settings with these losses instead of their own. */
  TrainingSettings in(TrainingSettings settings, long seed) {
    return new TrainingSettings(
        experts,
        settings.hidden(),
        settings.epochs(),
        settings.batch(),
        settings.expertRate(),
        settings.routerRate(),
        localSparsity,
        globalBalance,
        diversity,
        l2,
        settings.userCap(),
        seed);
  }
}
