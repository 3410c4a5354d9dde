package dev.palate.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.palate.tier.NeedsProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.web.server.LocalServerPort;

/** docs/python.md, its two blocks run by a real Python against the real service. */
@SharedApplication
@NeedsProcess
class PythonPageTest {
  private static final Path PAGE = Path.of("docs/python.md");
  private static final String PYTHON = "python3";

  @TempDir private Path dir;
  private final int port;

  PythonPageTest(@LocalServerPort int port) {
    this.port = port;
  }

  @BeforeAll
  static void needsPython() throws InterruptedException {
    boolean there;
    try {
      there = new ProcessBuilder(PYTHON, "--version").start().waitFor() == 0;
    } catch (IOException e) {
      there = false;
    }
    assumeTrue(there, "python3 is not on the PATH: docs/python.md was not run");
  }

  @Test
  void thePageDoesWhatItSays() throws Exception {
    String page = Files.readString(PAGE);
    List<String> blocks =
        Pattern.compile("(?s)```python\n(.*?)```")
            .matcher(page)
            .results()
            .map(match -> match.group(1))
            .toList();
    Files.writeString(dir.resolve("palate_client.py"), blocks.get(0));
    Files.writeString(dir.resolve("use.py"), blocks.get(1));
    String printed = run("use.py");
    assertThat(printed.lines().filter(line -> line.startsWith("  "))).hasSize(3);
    assertThat(printed.lines().filter(line -> !line.startsWith("  ")))
        .containsExactly(
            "status: current",
            "moved: up",
            "labels: 1",
            "refused: 422 invalid_request responses",
            "after erasure: prior")
        .allSatisfy(line -> assertThat(page).contains("`" + line + "`"));
  }

  private String run(String file) throws IOException, InterruptedException {
    Path out = dir.resolve("out.txt");
    ProcessBuilder python =
        new ProcessBuilder(PYTHON, file)
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    python.environment().put("PALATE_URL", "http://127.0.0.1:" + port);
    python.environment().remove("PALATE_KEY");
    Process process = python.start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("python3 ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    String printed = Files.readString(out);
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }
}
