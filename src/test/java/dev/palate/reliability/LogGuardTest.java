package dev.palate.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

@Isolated // another test would find the lines that this one logs
class LogGuardTest {

  @Test
  void aTextThatWasSentAndIsLoggedIsFoundWhereverItStands() {
    SentTexts.inBody(
        "{\"prompt\": \"Whom does the guard\\n watch?\", \"responses\": [\"Every body's long text, this one too\"]}");

    LoggerFactory.getLogger("guard").info("harmless");
    LogGuard.check();
    LoggerFactory.getLogger("guard").info("asked: Whom does the guard and so on");
    assertThatThrownBy(LogGuard::check).hasMessageContaining("Whom does the guard");
    LoggerFactory.getLogger("guard")
        .warn("x", new IllegalStateException("of Every body's long text, this ..."));
    assertThatThrownBy(LogGuard::check).hasMessageContaining("Every body's");
  }

  @Test
  void whatIsNoTextIsNone() {
    SentTexts.inBody("{\"user\": \"somebody-of-the-guard\", \"short\": \"a text\"}");
    SentTexts.inHeader("Bearer guard.0123456789guard0123456789");

    assertThat(SentTexts.foundIn("user somebody-of-the-guard wrote a text")).isEmpty();
    assertThat(SentTexts.foundIn("key guard is refused")).isEmpty();
    assertThat(SentTexts.foundIn("key guard.0123456789guard0123456789 is refused")).isPresent();
  }
}
