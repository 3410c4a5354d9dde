package dev.palate.lab.sets;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code palate evaluate everyday}: how often the obviously better answer gets the higher reward.
 */
@Command(
    name = "everyday",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Accuracy on the project's everyday set: a prompt with an obviously better and an obviously"
            + " worse answer, by kind, beside the rules 'longer' and 'shorter'.")
public final class EverydayCommand implements Callable<Integer> {

  @Mixin private TargetOptions options = new TargetOptions();

  @Override
  public Integer call() {
    return options.run(
        "evaluate everyday",
        target -> {
          EverydayReport report =
              EverydayReport.of(EvaluationSet.everyday().of(options.half()), target);
          return new TargetOptions.Outcome(report.table(), report);
        });
  }
}
