package dev.palate.lab.controlled;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;

/**
 * All figures of a controlled study.
 *
 * @param seeds how many worlds, each with its own models
 * @param seconds the study took
 */
public record ControlledReport(
    ControlledSettings settings,
    int seeds,
    List<Results> results,
    List<Goal> goals,
    double seconds) {

  /**
   * What was asked for.
   *
   * @param least the smallest figure that will do
   * @param reached the figure of the worst seed
   */
  public record Goal(String name, double least, double reached) {

    /** Whether even the worst seed reached it. */
    @JsonProperty
    public boolean met() {
      return reached >= least;
    }
  }

  /** The experiment with this id. */
  Results experiment(String id) {
    return results.stream().filter(result -> result.id().equals(id)).findFirst().orElseThrow();
  }

  /** All tables; mean and standard deviation over the seeds. */
  public String markdown() {
    StringBuilder text =
        new StringBuilder("| goal, worst of %d seeds | asked | reached | |\n".formatted(seeds));
    text.append("|---|---:|---:|---|\n");
    for (Goal goal : goals) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.3f | %.3f | %s |\n",
              goal.name(),
              goal.least(),
              goal.reached(),
              goal.met() ? "met" : "missed"));
    }
    for (Results result : results) {
      text.append('\n').append(result.markdown());
    }
    return text.toString();
  }
}
