package dev.palate.core.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a bundle came to be and what its experts do, {@code diagnostics.json} (MODEL.md, Diagnostics
 * 3 and 8). It decides no score. K experts, D domains. No text and no user of the data is in it.
 *
 * @param learning of every seed in turn, then of the fine-tuning, if there was one
 * @param calibration of every data set's validation pairs, then of its test pairs, for anyone
 * @param domains D, of the held-out pairs (validation and test); those that one expert leads stand
 *     together
 * @param selectivity K: an expert's accuracy in its best domain less the mean of its other domains;
 *     empty where there is one domain only
 */
public record BundleDiagnostics(
    List<LearningCurve> learning,
    List<Calibration> calibration,
    List<Domain> domains,
    List<Double> selectivity) {

  public BundleDiagnostics {
    learning = listed(learning, "learning");
    calibration = listed(calibration, "calibration");
    domains = listed(domains, "domains");
    selectivity = listed(selectivity, "selectivity");
    require(!domains.isEmpty(), "domains", "must not be empty");
    int k = domains.getFirst().routing().size();
    require(
        domains.stream().allMatch(domain -> domain.routing().size() == k),
        "domains",
        "must each have a number for each expert");
    require(
        selectivity.size() == (domains.size() == 1 ? 0 : k),
        "selectivity",
        "must have a number for each expert, and none with one domain");
    selectivity.forEach(one -> require(one >= -1 && one <= 1, "selectivity", "must be in [-1, 1]"));
  }

  /**
   * What a run of training reached, epoch by epoch.
   *
   * @param stage {@code head}: router and experts on the frozen encoder; {@code fine_tuning}: the
   *     encoder too
   * @param seed of the run
   * @param kept whether the bundle is this run's
   * @param keptEpoch the epoch it would be kept from
   */
  public record LearningCurve(
      String stage, long seed, boolean kept, int keptEpoch, List<Epoch> epochs) {

    private static final Set<String> STAGES = Set.of("head", "fine_tuning");

    public LearningCurve {
      require(stage != null && STAGES.contains(stage), "stage", "must be one of " + STAGES);
      epochs = listed(epochs, "epochs");
      int at = keptEpoch;
      require(
          epochs.stream().anyMatch(epoch -> epoch.epoch() == at),
          "kept_epoch",
          "must be one of the epochs");
    }
  }

  /**
   * An epoch's end.
   *
   * @param epoch from 1; 0: the frozen model that fine-tuning started from
   * @param objective the mean training objective of its steps; absent in epoch 0
   * @param logLoss calibrated log-loss on validation, as served
   * @param accuracy on validation, as served, weighted like the objective
   */
  public record Epoch(
      int epoch,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double objective,
      double logLoss,
      double accuracy) {

    public Epoch {
      require(epoch >= 0, "epoch", "must not be negative");
      require(objective == null || Double.isFinite(objective), "objective", "must be a number");
      require(logLoss >= 0 && logLoss < Double.POSITIVE_INFINITY, "log_loss", "must be positive");
      requireShare(accuracy, "accuracy");
    }
  }

  /**
   * How sure the model is against how often it is right, over pairs, as served to a user without
   * labels.
   *
   * @param split {@code validation} or {@code test}
   * @param error expected calibration error: the bins' mean distance of confidence and accuracy,
   *     weighted by their shares
   * @param bins those that hold anything, least confident first
   */
  public record Calibration(String dataset, String split, int pairs, double error, List<Bin> bins) {

    private static final Set<String> SPLITS = Set.of("validation", "test");

    public Calibration {
      require(dataset != null, "dataset", "is missing");
      require(split != null && SPLITS.contains(split), "split", "must be one of " + SPLITS);
      require(pairs >= 1, "pairs", "must be positive");
      requireShare(error, "error");
      bins = listed(bins, "bins");
      require(!bins.isEmpty(), "bins", "must not be empty");
    }
  }

  /**
   * A range of confidence, the probability of the response held more likely.
   *
   * @param low its least confidence
   * @param high its end
   * @param share of all that was asked
   * @param confidence mean probability of the response held more likely
   * @param accuracy how often it was the chosen one; equal probabilities are half right
   */
  public record Bin(double low, double high, double share, double confidence, double accuracy) {

    public Bin {
      require(low >= 0.5 && low < high && high <= 1, "low", "must be below 'high', in [0.5, 1]");
      requireShare(share, "share");
      requireShare(confidence, "confidence");
      requireShare(accuracy, "accuracy");
    }
  }

  /**
   * The experts in one domain.
   *
   * @param name as expert cards name it
   * @param pairs how many held-out pairs it has
   * @param routing K mean routing weights, all of the router's; they sum to 1
   * @param accuracy K: share of its pairs that the expert alone orders as labelled; an equal margin
   *     is half right
   */
  public record Domain(String name, int pairs, List<Double> routing, List<Double> accuracy) {

    public Domain {
      require(name != null, "name", "is missing");
      require(pairs >= 1, "pairs", "must be positive");
      routing = listed(routing, "routing");
      accuracy = listed(accuracy, "accuracy");
      require(!routing.isEmpty(), "routing", "must not be empty");
      require(
          accuracy.size() == routing.size(), "accuracy", "must have as many numbers as 'routing'");
      routing.forEach(weight -> requireShare(weight, "routing"));
      accuracy.forEach(share -> requireShare(share, "accuracy"));
    }
  }

  /** K, the number of experts. */
  int expertCount() {
    return domains.getFirst().routing().size();
  }

  private static <T> List<T> listed(@Nullable List<T> list, String field) {
    if (list == null || list.stream().anyMatch(item -> item == null)) {
      throw new IllegalArgumentException("'" + field + "' is missing or has a gap");
    }
    return List.copyOf(list);
  }

  private static void requireShare(double value, String field) {
    require(value >= 0 && value <= 1, field, "must be in [0, 1]");
  }

  private static void require(boolean holds, String field, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException("'" + field + "' " + otherwise);
    }
  }
}
