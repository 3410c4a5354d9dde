package dev.palate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.palate.core.model.torch.TinyModels;
import dev.palate.tier.NeedsEngine;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/bring-your-own-model.md, read and done as it says. */
@NeedsEngine
class BringYourOwnModelTest {
  private static final Path PAGE = Path.of("docs/bring-your-own-model.md");
  private static final String PALATE = "java -jar target/palate.jar ";
  private static final int EXPERTS = 4;

  @TempDir private Path dir;
  private final StringWriter out = new StringWriter();

  static Stream<Arguments> commands() throws IOException {
    return blocks("sh").stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith(PALATE))
        .map(line -> arguments(line.substring(PALATE.length())));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandIsOneThatPalateTakes(String line) throws IOException {
    String[] words = line.split(" ");
    if (!PalateApplication.isCommand(words)) {
      assertThat(declared())
          .containsAll(
              Arrays.stream(words).map(word -> word.substring(2).replaceFirst("=.*", "")).toList());
      return;
    }
    new CommandLine(new PalateApplication())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(words);
  }

  @Test
  void anArchiveIsPackedVerifiedAndRunAsThePageSays() throws IOException {
    Path own = Files.createDirectories(dir.resolve("own"));
    TinyModels.ownArchive(own, EXPERTS);
    for (String made : List.of("bundle.json", "head.safetensors", "experts.json")) {
      Files.delete(own.resolve(made));
    }
    String pack = line("bundle pack").replace("--max-tokens 256", "--max-tokens 64");
    assertThat(run(pack, own)).as("%s", out).isZero();
    assertThat(run(line("bundle verify"), own)).as("%s", out).isZero();
    assertThat(out.toString()).contains("own ").contains("is a bundle").contains("is whole");

    JsonNode made = json(Files.readString(own.resolve("bundle.json")));
    JsonNode shown = json(blocks("json").getFirst());
    assertThat(shapes(made)).isEqualTo(shapes(shown));
    for (String field :
        List.of("name", "experts", "top_m", "scale", "label_noise", "mean_routing")) {
      assertThat(made.path(field)).as(field).isEqualTo(shown.path(field));
    }
    for (String field : List.of("kind", "source", "dimension", "response_input")) {
      assertThat(made.path("encoder").path(field))
          .as(field)
          .isEqualTo(shown.path("encoder").path(field));
    }
    assertThat(Files.readString(own.resolve("experts.json"))).contains("clarity", "brevity");
  }

  @Test
  void anArchiveOfAnotherWidthIsRefused() throws IOException {
    Path own = Files.createDirectories(dir.resolve("own"));
    TinyModels.ownArchive(own, EXPERTS + 1);
    String pack = line("bundle pack").replace("--max-tokens 256", "--max-tokens 64");
    assertThat(run(pack, own)).isEqualTo(1);
    assertThat(out.toString()).contains("10 numbers a sequence", "8 finite ones are expected");
  }

  @Test
  void anArchiveThatCannotReadSoManyTokensIsNoBundle() throws IOException {
    Path own = Files.createDirectories(dir.resolve("own"));
    TinyModels.ownArchive(own, EXPERTS);
    assertThat(run(line("bundle pack"), own)).isEqualTo(1);
    assertThat(out.toString()).contains("fails when it is run", "--max-tokens 256");
    assertThat(own.resolve("bundle.json")).doesNotExist();
  }

  @Test
  void packSaysWhatIsMissingOrOutOfRange() throws IOException {
    Path own = Files.createDirectories(dir.resolve("empty"));
    assertThat(run(line("bundle pack"), own)).isEqualTo(1);
    assertThat(out.toString()).contains("tokenizer.json");
    Files.writeString(own.resolve("tokenizer.json"), "{}");
    assertThat(run(line("bundle pack"), own)).isEqualTo(1);
    assertThat(out.toString()).contains("reward-model.pt is missing");
    for (String wrong :
        List.of(
            "--experts 0",
            "--experts 2 --expert-names a",
            "--experts 2 --top-m 3",
            "--experts 2 --scale 0",
            "--experts 2 --label-noise 0.5",
            "--experts 2 --prior-variance -1",
            "--experts 2 --max-tokens 7",
            "--experts 2 --response-input both")) {
      assertThat(run("bundle pack models/own " + wrong, own)).as(wrong).isEqualTo(2);
    }
  }

  private int run(String line, Path own) {
    return new CommandLine(new PalateApplication())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(out))
        .execute(line.replace("models/own", own.toString()).split(" "));
  }

  private static String line(String command) throws IOException {
    return commands()
        .map(arguments -> (String) arguments.get()[0])
        .filter(line -> line.startsWith(command))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("(?s)```" + language + "\n(.*?)```")
        .matcher(Files.readString(PAGE))
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  private static JsonNode json(String text) {
    return new JsonMapper().readTree(text);
  }

  /** Every field's path and kind. */
  private static Set<String> shapes(JsonNode json) {
    Set<String> shapes = new HashSet<>();
    json.properties()
        .forEach(field -> {
          shapes.add(field.getKey() + " " + field.getValue().getNodeType());
          shapes(field.getValue()).forEach(inner -> shapes.add(field.getKey() + "." + inner));
        });
    return shapes;
  }

  private static Set<String> declared() throws IOException {
    Set<String> names = new HashSet<>();
    ClassLoader loader = BringYourOwnModelTest.class.getClassLoader();
    for (URL url :
        Collections.list(loader.getResources("META-INF/spring-configuration-metadata.json"))) {
      try (InputStream in = url.openStream()) {
        json(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
            .path("properties")
            .forEach(property -> names.add(property.path("name").asString()));
      }
    }
    return names;
  }
}
