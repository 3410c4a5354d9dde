package dev.palate.server.studio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.palate.tier.LongForm;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.util.FileSystemUtils;

/**
 * The studio in a real Chromium on the real service, which all classes of its kind share. Without a
 * browser on this machine they are skipped.
 */
@ResourceLock("studio")
@LongForm
abstract class StudioFixture {

  /** These take turns: begun late, they would be what is waited for at the end. */
  static final int EARLY = 2;

  /** Looked for first: without a browser there is nothing to start the service for. */
  private static final Optional<Browser> FOUND = Browser.start();

  protected final Browser browser;
  protected final StudioService palate;

  StudioFixture() {
    assumeThat(FOUND)
        .as(
            "Skipped: there is no chromium with chromedriver on this machine (Debian: chromium-driver)")
        .isPresent();
    browser = FOUND.orElseThrow();
    palate = Service.PALATE;
  }

  /** Started by the first test, stopped with the JVM. */
  private static final class Service {
    static final StudioService PALATE = start();

    private static StudioService start() {
      Path data = Path.of("target", "studio").toAbsolutePath();
      FileSystemUtils.deleteRecursively(data.toFile());
      StudioService started = StudioService.start(data);
      FOUND.orElseThrow().visits(started.url());
      started.teach("alice", 6);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> {
                FOUND.orElseThrow().close();
                started.close();
              }));
      return started;
    }
  }

  @BeforeEach
  void aDesktopInTheLight() {
    browser.desktop();
    browser.scheme("light");
    browser.useKey(palate.key());
  }

  @AfterEach
  void theConsoleIsSilentAndThePolicyRefusedNothing() {
    assertThat(browser.complaints()).as("console").isEmpty();
    assertThat(browser.refusals()).as("refused by the policy").isEmpty();
  }

  protected void label(String user) {
    browser.open("label?user=" + user);
    browser.click("button", "Start");
    browser.await(".pair-prompt");
    browser.await(".shifts .row");
  }

  /** What a script that returns something returns. */
  protected Object script(String script) {
    return Objects.requireNonNull(browser.script(script));
  }
}
