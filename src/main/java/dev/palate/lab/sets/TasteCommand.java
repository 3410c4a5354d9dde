package dev.palate.lab.sets;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code palate evaluate taste}: how fast made users with one taste are learned from labels. */
@Command(
    name = "taste",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Made users, each with a taste for more or for less of a trait: accuracy on held-out pairs"
            + " of the project's taste set after few labels, false claims about users who flip"
            + " coins, and what a taste costs on everyday pairs. A service stores the users and"
            + " erases them again.")
public final class TasteCommand implements Callable<Integer> {

  @Mixin private TargetOptions options = new TargetOptions();

  @Option(
      names = "--draws",
      defaultValue = "10",
      description =
          "How often the labels of each taste are drawn, by a fixed seed (default:"
              + " ${DEFAULT-VALUE}).")
  private int draws;

  @Override
  public Integer call() {
    options.require(draws >= 1, "--draws must be at least 1");
    return options.run(
        "evaluate taste --draws " + draws,
        target -> {
          TasteStudy study =
              new TasteStudy(
                  EvaluationSet.taste().of(options.half()),
                  EvaluationSet.everyday().of(options.half()),
                  draws);
          TasteReport report = study.of(target, options::progress);
          return new TargetOptions.Outcome(TasteTable.of(report), report);
        });
  }
}
