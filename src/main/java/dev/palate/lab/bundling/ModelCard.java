package dev.palate.lab.bundling;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleWarning;
import dev.palate.core.bundle.DataSource;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.ExpertCard;
import dev.palate.core.runtime.RewardModels;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.finetune.FineTuning;
import dev.palate.lab.train.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code MODEL_CARD.md}: what a bundle is for, from what it was made, and how good it is. */
final class ModelCard {

  private static final String FILE = "MODEL_CARD.md";

  private static final String NO_TEXT =
      "The cards below hold words and ids of pairs from the data, and no text of it.";

  private static final String TEXTS =
      """
      The cards below hold words and ids of pairs from the data. **This bundle passes on texts of the data**: prompt and
      responses of those pairs, long ones cut, are in `example-pairs.json`.\
      """;

  private ModelCard() {}

  /** Writes the card of a bundle into its directory. */
  static void write(Path dir, BundleTraining.Result result, TrainingData data, String command) {
    write(dir, of(result, data, command));
  }

  /** Corrects the card of a bundle, where it has one, to which texts were added later. */
  static void sayTextsAreKept(Path dir) {
    Path file = dir.resolve(FILE);
    if (!Files.exists(file)) {
      return;
    }
    try {
      String card = Files.readString(file);
      // in older cards the sentence goes over two lines
      String told = card.replaceFirst(NO_TEXT.replace(" ", "\\s+"), TEXTS);
      if (!told.contains(TEXTS)) {
        told = card + "\n" + TEXTS + "\n";
      }
      write(dir, told);
    } catch (IOException e) {
      throw failed(dir, e);
    }
  }

  private static void write(Path dir, String card) {
    try {
      Files.writeString(dir.resolve(FILE), card);
    } catch (IOException e) {
      throw failed(dir, e);
    }
  }

  private static UncheckedIOException failed(Path dir, IOException e) {
    return new UncheckedIOException("cannot write the model card of " + dir, e);
  }

  /**
   * @param command as it was typed
   */
  static String of(BundleTraining.Result result, TrainingData data, String command) {
    Bundle bundle = result.bundle();
    FineTuning.Outcome tuning = result.fineTuning();
    boolean tuned = tuning != null && tuning.tuned() != null;
    EncoderSpec encoder = tuning == null ? bundle.encoder() : tuning.base();
    return """
    # Model card: %s

    A sparse mixture-of-experts reward model: %d experts and a router on a %s text encoder. It scores responses to
    a prompt; a user's few preference labels shift the routing weights for that user. Version `%s`.

    %s## Use
    Ranking or choosing among candidate responses, and seeing how users' tastes differ. It says what people like those in the
    data preferred, not what is true, safe or good. It must not be used to judge people.

    ## Encoder
    `%s`%s, %d dimensions, the first %d tokens of a text; the experts read %s. %s %s

    ## Data
    Trained on:

    | data set | licence and attribution | pairs | users |
    |---|---|---:|---:|
    %s
    Lines left out: %d were no preference pairs, %d shared with a test line what their split keeps apart. A user weighs as
    much as one with a bounded number of pairs, a data set as the square root of its users' weights.
    %s

    ## Measured quality
    Made by

        %s

    `accuracy` is over pairs, as served with the top %d experts; `all experts` is the dense mixture; `longer response` is
    what ordering by length alone reaches, for orientation. The right-hand columns
    are unseen users only: the same pairs judged before and after the user showed 10 whole choices, the mean over users and
    5 draws. Stopping, calibration, the prior's strength and the choice of seed looked at validation alone. A validation
    user's or test user's prompts may occur in training; where a data set is split by prompt, its users may.

    %s
    Calibration on validation: scale %.3f, label noise %.2f. Seeds (validation log-loss, accuracy): %s.%s

    ## Experts
    Names and sentences are counted from the training pairs with the largest contribution contrast, not written by hand;
    a command with `--phrase-cards-with` lets a language model put the counts into words. A share is of the pairs whose two
    responses differ in the manner named. Fidelity: on held-out pairs in which the expert speaks loudest, how often a reader
    who knows the card's example pairs only picks the response that the expert prefers (chance 50 %%, 95 %% interval), and how
    often that reader tells the expert from all others (chance %.0f %%). Pairs with a text that the card shows are left out.

    %s
    ## Limits
    - Small encoder, English texts; beyond %d tokens nothing is read.
    - Texts of the data can be offensive; opinions on politics and religion are part of it, and the model repeats them.
    - Rewards of different prompts are not comparable. Probabilities are calibrated over the mix of data above, not for each
      set.
    - Few users in some data sets: their figures are noisy.
    """
        .formatted(
            bundle.name(),
            bundle.expertCount(),
            tuned ? "fine-tuned" : "frozen",
            bundle.version(),
            warnings(bundle.warnings()),
            encoder.source(),
            encoder.pooling() == EncoderSpec.Pooling.CLS ? " (pooled by its first token)" : "",
            bundle.encoder().dimension(),
            bundle.encoder().maxTokens(),
            switch (bundle.encoder().responseInput()) {
              case RESPONSE ->
                  bundle.readsInteraction()
                      ? "the response, and how its tokens match the prompt's"
                      : "the response alone";
              case PROMPT_AND_RESPONSE -> "prompt and response as one sequence";
            },
            encoder.source().equals(RewardModels.MINILM)
                ? "all-MiniLM-L6-v2 is under Apache-2.0;"
                : "It is under its makers' licence;",
            tuned
                ? "its\nweights, tuned on the data below, are part of this bundle (`%s`)."
                    .formatted(bundle.encoder().source())
                : "its\nweights are not part of this bundle.",
            bundle.data().stream().map(ModelCard::row).collect(Collectors.joining()),
            data.bad().size(),
            data.leaking(),
            bundle.examplePairs().isEmpty() ? NO_TEXT : TEXTS,
            command,
            bundle.topM(),
            QualityTable.of(result.quality()),
            bundle.scale(),
            bundle.labelNoise(),
            seeds(result.seeds().bySeed()),
            tuning == null ? "" : fineTuning(tuning),
            100.0 / bundle.expertCount(),
            experts(bundle.experts()),
            bundle.encoder().maxTokens());
  }

  /** A section of its own; empty where there is no warning. */
  private static String warnings(List<BundleWarning> warnings) {
    return warnings.isEmpty()
        ? ""
        : warnings.stream()
            .map(warning -> "- %s (`%s`)\n".formatted(warning.message(), warning.code()))
            .collect(Collectors.joining("", "## Warnings\n", "\n"));
  }

  private static String row(DataSource source) {
    return "| %s | %s | %d | %s |%n"
        .formatted(
            source.name(),
            source.licence().isEmpty() ? "not stated" : source.licence(),
            source.pairs(),
            source.users() == 0 ? "none" : source.users());
  }

  private static String seeds(Map<Long, Trainer.Trained> seeds) {
    return seeds.entrySet().stream()
        .map(seed ->
            String.format(
                Locale.ROOT,
                "%d: %.4f, %.4f",
                seed.getKey(),
                seed.getValue().best().validationLoss(),
                seed.getValue().best().validationAccuracy()))
        .collect(Collectors.joining("; "));
  }

  private static String fineTuning(FineTuning.Outcome tuning) {
    String epochs =
        tuning.epochs().stream()
            .map(epoch ->
                String.format(
                    Locale.ROOT,
                    "%s: %.4f, %.4f",
                    epoch.epoch() == 0 ? "frozen" : "epoch " + epoch.epoch(),
                    epoch.validationLoss(),
                    epoch.validationAccuracy()))
            .collect(Collectors.joining("; "));
    return "\n\nFine-tuning of encoder and head together (validation log-loss, accuracy): %s; %s is kept."
        .formatted(
            epochs,
            tuning.kept().epoch() == 0 ? "the frozen model" : "epoch " + tuning.kept().epoch());
  }

  private static String experts(List<ExpertCard> cards) {
    StringBuilder table =
        new StringBuilder(
            """
            | expert | name | usage | | fidelity | told apart | held-out pairs |
            |---:|---|---:|---|---:|---:|---:|
            """);
    for (ExpertCard card : cards) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %d | %s | %.3f | %s | %s |%n",
              card.expert(),
              card.name(),
              card.usage(),
              card.description(),
              fidelity(card.fidelity())));
    }
    return table.toString();
  }

  private static String fidelity(ExpertCard.@Nullable Fidelity fidelity) {
    return fidelity == null
        ? "- | - | -"
        : String.format(
            Locale.ROOT,
            "%.0f %% (%.0f to %.0f) | %.0f %% | %d",
            100 * fidelity.agreement(),
            100 * fidelity.low(),
            100 * fidelity.high(),
            100 * fidelity.recognized(),
            fidelity.pairs());
  }
}
