package dev.palate.lab.bundling;

import java.util.List;
import java.util.Locale;

/** Measured quality as a Markdown table. */
final class QualityTable {

  private QualityTable() {}

  static String of(List<Quality> qualities) {
    StringBuilder table =
        new StringBuilder(
            """
            | data set | split | pairs | accuracy | all experts | mean over users | longer response | unseen users | n = 0 | n = 10 | log-loss n = 0 | n = 10 |
            |---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            """);
    for (Quality q : qualities) {
      AdaptationCheck.Outcome adapted = q.adapted();
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %.3f | %.3f | %.3f | %.3f | %s |%n",
              q.dataset(),
              q.split().name().toLowerCase(Locale.ROOT),
              q.pairs(),
              q.accuracy(),
              q.denseAccuracy(),
              q.userAccuracy(),
              q.longerAccuracy(),
              adapted.users() == 0
                  ? "- | - | - | - | -"
                  : String.format(
                      Locale.ROOT,
                      "%d | %.3f | %.3f | %.3f | %.3f",
                      adapted.users(),
                      adapted.before(),
                      adapted.after(),
                      adapted.logLossBefore(),
                      adapted.logLossAfter())));
    }
    return table.toString();
  }
}
