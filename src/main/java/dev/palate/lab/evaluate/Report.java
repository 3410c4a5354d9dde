package dev.palate.lab.evaluate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * report.json, whose shape docs/evaluation.md describes. Numbers are shares (0.75, not 75 %).
 *
 * @param format raised when the shape changes
 * @param unseenContexts null where it was not asked for
 */
record Report(
    String format,
    Model bundle,
    Settings settings,
    List<Dataset> data,
    List<RuleInfo> rules,
    Section test,
    @Nullable HeldOut unseenContexts,
    List<HeatMap> heatMaps,
    List<ShiftPlot> shifts,
    List<String> notes) {

  static final String FORMAT = "palate-evaluation-1";

  Report {
    data = List.copyOf(data);
    rules = List.copyOf(rules);
    heatMaps = List.copyOf(heatMaps);
    shifts = List.copyOf(shifts);
    notes = List.copyOf(notes);
  }

  record Model(
      String name, String version, int experts, int topM, double scale, double labelNoise) {}

  record Settings(List<Integer> shots, int draws, long seed, int resamples) {}

  /** Pairs of each split, and users of the test split none of whose pairs are in train. */
  record Dataset(String name, int train, int validation, int test, int unseenUsers) {}

  /** How a rule's margins became probabilities. */
  record RuleInfo(String name, boolean adapts, double scale, double labelNoise) {}

  /**
   * Heads trained anew without some contexts or prompts, and judged on these.
   *
   * @param contexts how many were held out, by data set
   */
  record HeldOut(List<HeldOutPart> contexts, Section section) {
    HeldOut {
      contexts = List.copyOf(contexts);
    }
  }

  /**
   * @param kind {@code context} or {@code prompt}
   */
  record HeldOutPart(String dataset, String kind, int heldOut, int of, int testPairs) {}

  /**
   * Any matrix the report should draw.
   *
   * @param values {@code [rows][columns]}
   */
  record HeatMap(
      String title, String note, List<String> rows, List<String> columns, double[][] values) {
    HeatMap {
      rows = List.copyOf(rows);
      columns = List.copyOf(columns);
    }
  }

  /**
   * One user's shift.
   *
   * @param uncertainty standard deviation of each shift
   * @param significant outside the null band of random labels
   */
  record ShiftPlot(
      String title,
      int labels,
      List<String> experts,
      double[] shift,
      double[] uncertainty,
      boolean[] significant) {
    ShiftPlot {
      experts = List.copyOf(experts);
    }
  }
}
