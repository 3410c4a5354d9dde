package dev.palate.cli;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code user show|label|score|resolve|export|erase}: the main job, seen from a shell. */
@Command(
    name = "user",
    mixinStandardHelpOptions = true,
    description =
        "Shows, teaches, scores for, solves, exports and erases users of a running service.",
    footer = "Where the service wants a key, it is taken from the environment: PALATE_KEY.")
public final class UserCommand implements Runnable {

  private static final int BAR = 24;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--url",
      scope = ScopeType.INHERIT,
      defaultValue = "http://127.0.0.1:8080",
      description = "Where the service answers (default: ${DEFAULT-VALUE}).")
  private String url = "";

  private final Duration pause;
  private final OutputStream data;

  public UserCommand() {
    this(Duration.ofSeconds(1), System.out);
  }

  /**
   * @param pause between two looks at a bulk's progress
   * @param data where an export goes as it is, whatever the terminal's character set
   */
  UserCommand(Duration pause, OutputStream data) {
    this.pause = pause;
    this.data = data;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Choose one of: show, label, score, resolve, export, erase");
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "A user's expert weights against the model's own.")
  int show(@Parameters(paramLabel = "USER", description = "The user's id.") String user) {
    return call(service -> printWeights(service.get(path(user) + "/expert-weights")));
  }

  @Command(
      name = "label",
      mixinStandardHelpOptions = true,
      description =
          "Tells that a user prefers one response over another, or neither, and shows the new weights.")
  int label(
      @Parameters(paramLabel = "USER", description = "The user's id.") String user,
      @Option(names = "--prompt", required = true, description = "The prompt.") String prompt,
      @Option(names = "--chosen", description = "The better response.") @Nullable String chosen,
      @Option(names = "--rejected", description = "The worse response.") @Nullable String rejected,
      @Option(names = "--tie", description = "Neither response is better.") boolean tie,
      @Option(names = "--response", description = "With --tie: a response; give two.")
          @Nullable List<String> responses) {
    boolean complete =
        tie
            ? chosen == null && rejected == null && responses != null && responses.size() == 2
            : chosen != null && rejected != null && responses == null;
    if (!complete) {
      throw new ParameterException(
          spec.commandLine().getSubcommands().get("label"),
          "Give --chosen and --rejected, or --tie and two of --response");
    }
    ObjectNode body = ServiceClient.JSON.createObjectNode();
    ObjectNode label = body.putArray("labels").addObject().put("prompt", prompt);
    if (responses == null) {
      label.put("chosen", chosen).put("rejected", rejected);
    } else {
      label.put("tie", true);
      responses.forEach(label.putArray("responses")::add);
    }
    return call(service -> {
      JsonNode answer = service.post(path(user) + "/feedback", body);
      printWeights(answer.has("experts") ? answer : service.get(path(user) + "/expert-weights"));
    });
  }

  @Command(
      name = "score",
      mixinStandardHelpOptions = true,
      description = "Ranks responses for a user and says which experts decided.")
  int score(
      @Parameters(paramLabel = "USER", description = "The user's id.") String user,
      @Option(names = "--prompt", required = true, description = "The prompt.") String prompt,
      @Option(names = "--response", required = true, description = "A response; repeat it.")
          List<String> responses) {
    ObjectNode body = ServiceClient.JSON.createObjectNode();
    body.put("user", user).put("prompt", prompt);
    responses.forEach(body.putArray("responses")::add);
    return call(service -> printScores(service.post("/score", body), responses));
  }

  @Command(
      name = "resolve",
      mixinStandardHelpOptions = true,
      description =
          "Solves one user, or all users, whose weights are behind their labels or the model. All: shows the progress; Ctrl-C leaves the work to the service, and a second call joins it.")
  int resolve(
      @Parameters(paramLabel = "USER", arity = "0..1", description = "The user's id.")
          @Nullable String user,
      @Option(names = "--all", description = "All users.") boolean all) {
    if (all == (user != null)) {
      throw new ParameterException(
          spec.commandLine().getSubcommands().get("resolve"), "Name either a USER or --all");
    }
    if (user != null) {
      return call(service ->
          printWeights(
              service.post(
                  path(user) + "/expert-weights/solve", ServiceClient.JSON.createObjectNode())));
    }
    boolean terminal = System.console() != null && System.console().isTerminal();
    return call(service ->
        new BulkProgress(service, out(), terminal, pause)
            .follow(service.post("/bulk-solves", ServiceClient.JSON.createObjectNode())));
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = "All that is held about a user, as JSON.")
  int export(
      @Parameters(paramLabel = "USER", description = "The user's id.") String user,
      @Option(
              names = "--out",
              paramLabel = "FILE",
              description = "Written when it is whole (default: standard output).")
          @Nullable Path file) {
    String path = path(user) + "/export";
    return call(service -> {
      if (file == null) {
        service.copy(path, data);
      } else {
        long bytes = WholeFile.write(file, to -> service.copy(path, to));
        out().printf(Locale.ROOT, "%s: %,d bytes in %s%n", user, bytes, file);
      }
    });
  }

  @Command(
      name = "erase",
      mixinStandardHelpOptions = true,
      description = "Erases all that is stored of a user.")
  int erase(@Parameters(paramLabel = "USER", description = "The user's id.") String user) {
    return call(service -> {
      service.delete(path(user));
      out().printf("%s is erased%n", user);
    });
  }

  private int call(Consumer<ServiceClient> work) {
    try (ServiceClient service = new ServiceClient(url, System.getenv("PALATE_KEY"))) {
      work.accept(service);
      out().flush();
      return 0;
    } catch (ServiceException e) {
      spec.commandLine().getErr().println(e.getMessage());
      spec.commandLine().getErr().flush();
      return 1;
    }
  }

  private void printWeights(JsonNode weights) {
    out()
        .printf(
            "%s: %s, version %s, %s labels%n%n",
            weights.path("user").asString(),
            weights.path("status").asString(),
            weights.path("version").asString(),
            weights.path("labels").asString());
    out().printf("%-7s %8s %8s %9s  %s%n", "expert", "weight", "prior", "shift", "");
    for (JsonNode expert : weights.path("experts")) {
      double shift = expert.path("shift").asDouble();
      out()
          .printf(
              "%-7d %8.3f %8.3f %+8.3f%s  %-" + BAR + "s %s%n",
              expert.path("expert").asInt(),
              expert.path("weight").asDouble(),
              expert.path("prior").asDouble(),
              shift,
              expert.path("significant").asBoolean() ? "*" : " ",
              bar(expert.path("weight").asDouble()),
              expert.path("name").asString());
    }
    out().printf("%n* beyond what labels in random directions would give%n");
  }

  private void printScores(JsonNode answer, List<String> responses) {
    out().printf("weights: %s%n%n", answer.path("weights").asString());
    for (JsonNode response : answer.path("responses")) {
      String text = responses.get(response.path("index").asInt());
      out()
          .printf(
              "#%d  %+.3f  %s%n",
              response.path("rank").asInt(),
              response.path("reward").asDouble(),
              text.length() > 60 ? text.substring(0, 60) + "..." : text);
    }
    out().printf("%nexperts that matter here:%n");
    answer
        .path("routing")
        .valueStream()
        .limit(5)
        .forEach(expert ->
            out()
                .printf(
                    "%-7d %+.3f  %s%n",
                    expert.path("expert").asInt(),
                    expert.path("weight").asDouble(),
                    expert.path("name").asString()));
  }

  private static String bar(double weight) {
    int length = (int) Math.clamp(Math.round(Math.abs(weight) * BAR), 0, BAR);
    return (weight < 0 ? "-" : "#").repeat(length);
  }

  private static String path(String user) {
    return "/users/" + URLEncoder.encode(user, StandardCharsets.UTF_8);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
