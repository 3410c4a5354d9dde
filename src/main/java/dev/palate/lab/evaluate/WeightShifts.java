package dev.palate.lab.evaluate;

import dev.palate.core.bundle.ExpertCard;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.Taste;
import dev.palate.core.taste.TasteSolver;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * How a user's weights differ from everybody's, with the experts' cards, and how much of it labels
 * at random would have done as well (MODEL.md, Diagnostics 6).
 *
 * @param labels how many the user gave
 * @param shifts of all experts, the largest rise first, the largest fall last
 */
public record WeightShifts(int labels, List<Shift> shifts) {

  public WeightShifts {
    shifts = List.copyOf(shifts);
  }

  /**
   * @param shift d_k, less the prior's mean
   * @param uncertainty one standard deviation
   * @param band 95 % of the shifts that labels at random give lie between minus this and this
   * @param significant the shift lies outside the band
   */
  public record Shift(
      int expert,
      String name,
      String description,
      double shift,
      double uncertainty,
      double band,
      boolean significant) {}

  /**
   * Solves a user's weights.
   *
   * @param cards of all experts, in their order
   * @throws IllegalArgumentException naming the field that is not as described
   */
  public static WeightShifts of(
      List<ExpertCard> cards, Prior prior, Likelihood likelihood, List<LabelMargin> labels) {
    if (cards.size() != prior.expertCount()) {
      throw new IllegalArgumentException("'cards' must have one for each expert of the prior");
    }
    TasteSolver solver = new TasteSolver(prior, likelihood);
    Taste taste = solver.solveWithNullBand(labels);
    double[] band = solver.nullBand(labels);
    List<Shift> shifts = new ArrayList<>();
    for (int e = 0; e < cards.size(); e++) {
      shifts.add(
          new Shift(
              e,
              cards.get(e).name(),
              cards.get(e).description(),
              taste.shift()[e] - prior.mean()[e],
              taste.uncertainty()[e],
              band[e],
              taste.significant()[e]));
    }
    shifts.sort(Comparator.comparingDouble(Shift::shift).reversed());
    return new WeightShifts(labels.size(), shifts);
  }

  /** At most so many rises, the largest first. */
  public List<Shift> rises(int limit) {
    return shifts.stream().filter(shift -> shift.shift() > 0).limit(limit).toList();
  }

  /** At most so many falls, the largest first. */
  public List<Shift> falls(int limit) {
    return shifts.reversed().stream().filter(shift -> shift.shift() < 0).limit(limit).toList();
  }

  /** The largest rises and falls as a table. */
  public String toMarkdown(int limit) {
    StringBuilder table =
        new StringBuilder(
            """
            | expert | name | shift | uncertainty | null band | significant | |
            |---:|---|---:|---:|---:|---|---|
            """);
    List<Shift> shown = new ArrayList<>(rises(limit));
    shown.addAll(falls(limit).reversed());
    for (Shift shift : shown) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %d | %s | %+.3f | %.3f | ±%.3f | %s | %s |%n",
              shift.expert(),
              shift.name(),
              shift.shift(),
              shift.uncertainty(),
              shift.band(),
              shift.significant() ? "yes" : "no",
              shift.description()));
    }
    return table.toString();
  }
}
