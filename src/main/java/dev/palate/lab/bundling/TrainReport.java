package dev.palate.lab.bundling;

import dev.palate.core.bundle.Bundle;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.finetune.FineTuning;
import dev.palate.lab.train.Trainer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** What {@code train} says as it goes. */
record TrainReport(PrintWriter print) {

  void data(TrainingData pairs) {
    pairs.bad().stream().limit(20).forEach(line -> print.println("skipped " + line));
    print.printf(
        "%d lines skipped as bad, %d dropped because they would leak%n",
        pairs.bad().size(), pairs.leaking());
    for (Split split : Split.values()) {
      for (Map.Entry<String, int[]> count : pairs.counts(split).entrySet()) {
        if (count.getValue()[0] > 0) {
          print.printf(
              "%-10s %-24s %7d pairs %6d users%n",
              split, count.getKey(), count.getValue()[0], count.getValue()[1]);
        }
      }
    }
    print.flush();
  }

  /** What is encoded, where that is not all. */
  void encoded(TrainingData data) {
    print.printf("%d pairs are encoded, made ones included%n", data.pairs().size());
    print.flush();
  }

  void epoch(long seed, Trainer.Epoch epoch) {
    print.printf(
        Locale.ROOT,
        "seed %d epoch %2d: objective %.4f, validation log-loss %.4f, accuracy %.4f%n",
        seed,
        epoch.epoch(),
        epoch.loss(),
        epoch.validationLoss(),
        epoch.validationAccuracy());
    print.flush();
  }

  /** An epoch of encoder and head together; 0 is the frozen model. */
  void fineTuning(Trainer.Epoch epoch) {
    if (epoch.epoch() == 0) {
      print.printf(
          Locale.ROOT,
          "fine-tuning from: validation log-loss %.4f, accuracy %.4f%n",
          epoch.validationLoss(),
          epoch.validationAccuracy());
    } else {
      print.printf(
          Locale.ROOT,
          "fine-tuning epoch %2d: objective %.4f, validation log-loss %.4f, accuracy %.4f%n",
          epoch.epoch(),
          epoch.loss(),
          epoch.validationLoss(),
          epoch.validationAccuracy());
    }
    print.flush();
  }

  void written(BundleTraining.Result result, Path out) {
    Bundle written = result.bundle();
    FineTuning.Outcome tuning = result.fineTuning();
    if (tuning != null && tuning.tuned() == null) {
      print.printf(
          Locale.ROOT,
          "fine-tuning did not lower the validation log-loss (%.4f frozen, %.4f tuned): the frozen"
              + " encoder is kept%n",
          tuning.epochs().getFirst().validationLoss(),
          tuning.bestTuned().validationLoss());
    }
    print.println();
    print.println(QualityTable.of(result.quality()));
    written
        .experts()
        .forEach(card ->
            print.printf(
                Locale.ROOT,
                "%2d %.3f %s%n   %s%n",
                card.expert(),
                card.usage(),
                card.name(),
                card.description()));
    print.printf(
        Locale.ROOT,
        "scale %.3f, label noise %.2f, bundle %s version %s written to %s%n",
        written.scale(),
        written.labelNoise(),
        written.name(),
        written.version(),
        out);
    if (!written.warnings().isEmpty()) {
      print.println();
      written.warnings().forEach(warning -> print.println("warning: " + warning.message()));
    }
    print.flush();
  }
}
