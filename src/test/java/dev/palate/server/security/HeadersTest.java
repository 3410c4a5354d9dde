package dev.palate.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.server.security.keys.SecuredTest;
import dev.palate.server.studio.StudioPaths;
import org.junit.jupiter.api.Test;

class HeadersTest extends SecuredTest {

  @Test
  void everyAnswerForbidsWhatABrowserNeedNotDo() {
    for (Wire.Answer answer :
        new Wire.Answer[] {
          wire.get("/model", key(Scope.READ)), wire.get("/model", null), wire.get("/livez", null)
        }) {
      assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
      assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(answer.header("Strict-Transport-Security")).as("not over TLS").isEmpty();
      assertThat(answer.header("Set-Cookie")).as("no session").isEmpty();
    }
  }

  @Test
  void theStudiosPageMayRunItsOwnFilesAlone() {
    String policy = wire.get("/", null).header("Content-Security-Policy");

    assertThat(policy).isEqualTo(StudioPaths.POLICY);
    assertThat(wire.get("/studio/app.js", null).header("Content-Security-Policy"))
        .isEqualTo(policy);
    assertThat(policy).contains("default-src 'none'").doesNotContain("unsafe", "*");
    assertThat(wire.get("/", null).header("Cache-Control")).isEqualTo("no-cache");
  }

  @Test
  void aFileThatDidNotChangeIsNotSentAgain() {
    String tag = wire.get("/studio/app.js", null).header("ETag");

    assertThat(tag).startsWith("W/");
    assertThat(wire.get("/studio/dom.js", null).header("ETag")).isNotEqualTo(tag);
    assertThat(wire.send("GET", "/studio/app.js", null, "", "If-None-Match", tag).status())
        .isEqualTo(304);
  }

  @Test
  void answersAboutAUserAreKeptByNobody() {
    String key = key(Scope.values());

    assertThat(wire.score("alice", key).header("Cache-Control")).contains("no-store");
    assertThat(wire.get("/users/alice/feedback", key).header("Cache-Control")).contains("no-store");
    assertThat(wire.get("/users/alice/expert-weights", key).header("Cache-Control"))
        .as("may be asked for again by its ETag, and is no one else's")
        .isEqualTo("no-cache, private");
  }

  @Test
  void aPageOfAnotherOriginGetsNoLeave() {
    Wire.Answer preflight =
        wire.send(
            "OPTIONS",
            "/score",
            null,
            "",
            "Origin",
            "https://evil.example",
            "Access-Control-Request-Method",
            "POST");

    assertThat(preflight.status()).isIn(401, 403);
    assertThat(preflight.header("Access-Control-Allow-Origin")).isEmpty();
    assertThat(
            wire.send("GET", "/model", key(Scope.READ), "", "Origin", "https://evil.example")
                .header("Access-Control-Allow-Origin"))
        .isEmpty();
  }
}
