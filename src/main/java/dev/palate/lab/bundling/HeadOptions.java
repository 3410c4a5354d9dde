package dev.palate.lab.bundling;

import dev.palate.lab.train.TrainingSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that say how the head, router and experts, is trained. */
final class HeadOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(names = "--experts", description = "K (default: ${DEFAULT-VALUE}).")
  private int experts = TrainingSettings.DEFAULT.experts();

  @Option(
      names = "--top-m",
      description = "Routing weights kept when serving (default: ${DEFAULT-VALUE}).")
  private int topM = 2;

  @Option(
      names = "--no-shared-experts",
      description =
          "Leave out the shared experts: named traits of style that are counted from the response"
              + " and weighed for each user.")
  private boolean noSharedExperts;

  @Option(
      names = "--read-pairs",
      description =
          "Routed experts read prompt and response together too: traits counted from both texts,"
              + " and with --interaction-layers how their tokens match.")
  private boolean readPairs;

  @Option(
      names = "--made-pairs",
      paramLabel = "N",
      description =
          "At most so many pairs are made of the data's chosen responses, each against a text that is"
              + " certainly worse: the answer to another prompt, its words shuffled, no answer."
              + " They teach the routed experts alone (default: ${DEFAULT-VALUE}).")
  private int madePairs;

  @Option(
      names = "--max-characters",
      paramLabel = "N",
      description =
          "Leaves out all pairs of a prompt that has a longer text, prompt or response: encoding"
              + " them takes most of a training's time. Named traits and the prior over users are"
              + " learned from all pairs (default: no limit).")
  private int maxCharacters = Integer.MAX_VALUE;

  @Option(names = "--seed", description = "The first seed (default: ${DEFAULT-VALUE}).")
  private long seed = TrainingSettings.DEFAULT.seed();

  @Option(
      names = "--seeds",
      description =
          "How many seeds to train; the best on validation is kept (default: ${DEFAULT-VALUE}).")
  private int seeds = 1;

  @Option(names = "--epochs", description = "(default: ${DEFAULT-VALUE})")
  private int epochs = TrainingSettings.DEFAULT.epochs();

  @Option(names = "--batch", description = "Pairs in a step (default: ${DEFAULT-VALUE}).")
  private int batch = TrainingSettings.DEFAULT.batch();

  @Option(names = "--expert-rate", description = "(default: ${DEFAULT-VALUE})")
  private double expertRate = TrainingSettings.DEFAULT.expertRate();

  @Option(names = "--router-rate", description = "(default: ${DEFAULT-VALUE})")
  private double routerRate = TrainingSettings.DEFAULT.routerRate();

  @Option(names = "--local-sparsity", description = "l_loc (default: ${DEFAULT-VALUE}).")
  private double localSparsity = TrainingSettings.DEFAULT.localSparsity();

  @Option(names = "--global-balance", description = "l_glob (default: ${DEFAULT-VALUE}).")
  private double globalBalance = TrainingSettings.DEFAULT.globalBalance();

  @Option(names = "--diversity", description = "l_div (default: ${DEFAULT-VALUE}).")
  private double diversity = TrainingSettings.DEFAULT.diversity();

  @Option(names = "--l2", description = "On the experts (default: ${DEFAULT-VALUE}).")
  private double l2 = TrainingSettings.DEFAULT.l2();

  @Option(
      names = "--expert-decay",
      description = "AdamW's weight decay of the experts (default: ${DEFAULT-VALUE}).")
  private double expertDecay = TrainingSettings.DEFAULT.expertDecay();

  @Option(
      names = "--personal",
      description =
          "The part of the loss taken with shifts of the training users, 0 for none"
              + " (default: ${DEFAULT-VALUE}).")
  private double personal = TrainingSettings.DEFAULT.personal();

  @Option(
      names = "--shift-penalty",
      description = "l_shift, on those shifts (default: ${DEFAULT-VALUE}).")
  private double shiftPenalty = TrainingSettings.DEFAULT.shiftPenalty();

  @Option(
      names = "--features",
      description =
          "Learned features of a response that the experts read beside its embedding, 0 for none"
              + " (default: ${DEFAULT-VALUE}).")
  private int features = TrainingSettings.DEFAULT.features().width();

  @Option(names = "--feature-rate", description = "(default: ${DEFAULT-VALUE})")
  private double featureRate = TrainingSettings.DEFAULT.features().rate();

  @Option(
      names = "--feature-decay",
      description = "AdamW's weight decay of those features (default: ${DEFAULT-VALUE}).")
  private double featureDecay = TrainingSettings.DEFAULT.features().decay();

  @Option(
      names = "--user-cap",
      description = "A user with more pairs weighs as one with this many (${DEFAULT-VALUE}).")
  private int userCap = TrainingSettings.DEFAULT.userCap();

  /**
   * @throws ParameterException naming what cannot be
   */
  TrainingSettings settings() {
    require(maxCharacters >= 1, "--max-characters must be at least 1");
    require(madePairs >= 0, "--made-pairs must not be negative");
    require(seeds >= 1, "--seeds must be at least 1");
    TrainingSettings settings;
    try {
      settings =
          new TrainingSettings(
              experts,
              TrainingSettings.DEFAULT.hidden(),
              epochs,
              batch,
              expertRate,
              routerRate,
              localSparsity,
              globalBalance,
              diversity,
              l2,
              expertDecay,
              personal,
              shiftPenalty,
              userCap,
              new TrainingSettings.FeatureLayer(features, featureRate, featureDecay),
              seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
    require(topM >= 1 && topM <= experts, "--top-m must be 1 to the number of experts");
    return settings;
  }

  int topM() {
    return topM;
  }

  /** Whether routed experts read prompt and response together. */
  boolean readsPairs() {
    return readPairs;
  }

  /** Longest text of a pair that is encoded. */
  int maxCharacters() {
    return maxCharacters;
  }

  int madePairs() {
    return madePairs;
  }

  boolean sharedExperts() {
    return !noSharedExperts;
  }

  int seeds() {
    return seeds;
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(command.commandLine(), otherwise);
    }
  }
}
