package dev.palate.lab.sets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.lab.evaluate.EvaluateCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands as they are typed, against a stub of the service. */
class SetCommandsTest {

  @TempDir private Path dir;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void everydayPrintsATableOfAServiceAndWritesItsFigures() throws IOException {
    Path json = dir.resolve("figures.json");
    try (StubService service = new StubService()) {
      int code =
          run(
              "everyday",
              "--url",
              service.url(),
              "--key",
              "secret",
              "--half",
              "a",
              "--json",
              json.toString());
      assertThat(err.toString() + code).endsWith("0");
      assertThat(service.authorizations).containsExactly("Bearer secret");
      assertThat(out.toString())
          .contains("Half A of the set", "relevance             8     0.500")
          .contains("evaluate everyday --url " + service.url() + " --half A")
          .contains("bundle stub, version v1")
          .doesNotContain("secret");
    }
    JsonNode written = JsonMapper.shared().readTree(json);
    assertThat(written.path("half").asString()).isEqualTo("A");
    assertThat(written.path("figures").path("macro").path("kinds").asInt()).isEqualTo(16);
    assertThat(Files.readString(json)).doesNotContain("secret");
  }

  @Test
  void tasteMakesUsersOverTheApiAndErasesThem() throws IOException {
    try (StubService service = new StubService()) {
      int code = run("taste", "--url", service.url(), "--draws", "1", "--half", "B");
      assertThat(err.toString() + code).endsWith("0");
      assertThat(service.labels.keySet())
          .hasSizeGreaterThan(60)
          .allMatch(user -> user.startsWith(ServiceTarget.USERS));
      assertThat(service.erased).isEqualTo(service.labels.keySet());
    }
    assertThat(out.toString())
        .contains("brevity                23         3  0.500")
        .contains("    10                         1.000                0.500")
        .contains("evaluate taste --draws 1 --url");
  }

  @Test
  void withoutABundleAndAServiceTheCommandSaysWhatToName() {
    assertThat(run("everyday")).isEqualTo(2);
    assertThat(err.toString()).contains("Name a bundle by --bundle or a service by --url");
  }

  @Test
  void aBundleAndAServiceAreOneTooMany() {
    assertThat(run("taste", "--bundle", "x", "--url", "http://127.0.0.1:1")).isEqualTo(2);
    assertThat(err.toString()).contains("one of them, not both");
  }

  @Test
  void anUnknownHalfIsRefusedWithTheKnownOnes() {
    assertThat(run("everyday", "--bundle", "x", "--half", "C")).isEqualTo(2);
    assertThat(err.toString()).contains("--half", "[A, B, BOTH]", "'C'");
  }

  @Test
  void drawsMustBePositive() {
    assertThat(run("taste", "--bundle", "x", "--draws", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--draws must be at least 1");
  }

  @Test
  void aBundleThatIsNotThereIsNamed() {
    Path nowhere = dir.resolve("nowhere");
    assertThat(run("everyday", "--bundle", nowhere.toString())).isEqualTo(1);
    assertThat(err.toString()).contains(nowhere.toString());
  }

  @Test
  void aServiceThatDoesNotAnswerIsNamed() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    assertThat(run("everyday", "--url", "http://127.0.0.1:" + free)).isEqualTo(1);
    assertThat(err.toString()).contains("No answer from http://127.0.0.1:" + free);
  }

  @Test
  void anAddressThatIsNoneIsRefused() {
    assertThat(run("everyday", "--url", "localhost:8080")).isEqualTo(1);
    assertThat(err.toString()).contains("--url must be like http://127.0.0.1:8080");
  }

  @Test
  void theOptionsOfEvaluateItselfStay() {
    assertThat(run("--draws", "5")).isEqualTo(2);
    assertThat(err.toString()).contains("Name a file by --data or --whole");
  }

  private int run(String... args) {
    return new CommandLine(new EvaluateCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
