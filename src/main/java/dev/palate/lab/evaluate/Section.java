package dev.palate.lab.evaluate;

import dev.palate.core.bundle.BundleDiagnostics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All figures of one way of holding data out. Field names are those of report.json and described in
 * docs/evaluation.md.
 */
record Section(List<Accuracy> accuracy, List<Point> curves, List<Calibration> calibration) {

  Section {
    accuracy = List.copyOf(accuracy);
    curves = List.copyOf(curves);
    calibration = List.copyOf(calibration);
  }

  /**
   * A rule without labels on all test pairs of a data set, seen users' pairs included.
   *
   * @param accuracy over pairs
   * @param userAccuracy mean over users; null without user ids
   * @param covered share of the pairs the rule has something to say of
   */
  record Accuracy(
      String dataset,
      String rule,
      int pairs,
      Figure accuracy,
      @Nullable Figure userAccuracy,
      Figure logLoss,
      double covered) {}

  /**
   * A rule after n choices of each unseen user, on the pairs not shown; each user counts once.
   *
   * @param shown n
   * @param users who have enough choices
   * @param unadapted accuracy of the same rule without labels, on the same pairs
   * @param gain adapted less unadapted, paired by user
   * @param worstDecile mean gain of the tenth of users that gain least
   * @param logLossGain unadapted less adapted log-loss: positive is better
   * @param overPalate accuracy less that of our rule, paired by user
   */
  record Point(
      String dataset,
      String rule,
      int shown,
      int users,
      Figure unadapted,
      Figure adapted,
      Figure gain,
      Figure worstDecile,
      Figure logLossUnadapted,
      Figure logLossAdapted,
      Figure logLossGain,
      Figure overPalate) {}

  /**
   * How sure our rule is against how often it is right.
   *
   * @param state {@code all pairs}, or unseen users {@code before} and {@code after} their labels
   * @param shown choices shown; 0 for all pairs
   * @param error expected calibration error
   */
  record Calibration(
      String dataset, String state, int shown, Figure error, List<BundleDiagnostics.Bin> bins) {}
}
