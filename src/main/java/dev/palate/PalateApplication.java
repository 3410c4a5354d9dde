package dev.palate;

import dev.palate.cli.BundleCommand;
import dev.palate.cli.CommandLog;
import dev.palate.cli.UserCommand;
import dev.palate.lab.bundling.TrainCommand;
import dev.palate.lab.evaluate.EvaluateCommand;
import dev.palate.server.security.keys.KeyCommand;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Starts the service, or a command of the command line where the first argument names one. */
@SpringBootApplication
@Command(
    name = "palate.jar",
    mixinStandardHelpOptions = true,
    version = "Palate 0.1.0",
    description =
        "Without a command the service starts; --server.port, --palate.data-dir and every other "
            + "Spring Boot property are taken as options.",
    subcommands = {
      TrainCommand.class,
      EvaluateCommand.class,
      BundleCommand.class,
      UserCommand.class,
      KeyCommand.class
    })
public class PalateApplication {

  public static void main(String[] args) {
    if (isCommand(args)) {
      CommandLog.toStandardError(!args[0].equals("key"));
      System.exit(
          new CommandLine(new PalateApplication())
              .setCaseInsensitiveEnumValuesAllowed(true)
              .execute(args));
    }
    SpringApplication.run(PalateApplication.class, args);
  }

  /**
   * Everything that is not a property ({@code --a.b=c}) is for the command line to take or refuse.
   */
  static boolean isCommand(String[] args) {
    return args.length > 0
        && (!args[0].startsWith("--") || args[0].equals("--help") || args[0].equals("--version"));
  }
}
