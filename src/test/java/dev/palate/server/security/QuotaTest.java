package dev.palate.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.server.security.keys.SecuredTest;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.test.context.TestPropertySource;

/** Quotas; and, since it is a service of its own, the management port. */
@TestPropertySource(
    properties = {
      "palate.security.quota.requests-per-minute=6",
      "palate.security.quota.tokens-per-minute=10",
      "management.server.port=0"
    })
class QuotaTest extends SecuredTest {

  @Test
  void theSeventhRequestOfAMinuteIs429AndSaysWhenToComeBack() {
    String key = key(Scope.READ);
    Wire.Answer first = wire.get("/model", key);
    assertThat(first.header("RateLimit-Policy"))
        .isEqualTo("\"requests\";q=6;w=60, \"tokens\";q=10;w=60");
    assertThat(first.header("RateLimit")).isEqualTo("\"requests\";r=5;t=10, \"tokens\";r=10;t=6");
    for (int i = 0; i < 5; i++) {
      assertThat(wire.get("/model", key).status()).isEqualTo(200);
    }

    Wire.Answer refused = wire.get("/model", key);

    assertThat(refused.status() + " " + refused.code()).isEqualTo("429 quota_exceeded");
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 10);
    assertThat(refused.header("RateLimit")).startsWith("\"requests\";r=0;t=");
    assertThat(wire.get("/model", key(Scope.READ)).status()).as("another key").isEqualTo(200);
  }

  @Test
  void aScoreIsPaidForInTokensAfterwards() {
    String key = key(Scope.SCORE);
    String many = "\"a\",".repeat(30) + "\"b\"";
    String body = "{\"prompt\": \"p\", \"responses\": [%s]}".formatted(many);

    assertThat(wire.post("/score", key, body).status()).isEqualTo(200);
    Wire.Answer refused = wire.post("/score", key, body);

    assertThat(refused.code()).isEqualTo("quota_exceeded");
    // 31 tokens of 10 a minute were taken: 22 to come in until there is one
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(100, 132);
  }

  @Test
  void aDropInFormIsPaidForLikeAScore() {
    String key = key(Scope.SCORE);
    String many = "\"a\",".repeat(30) + "\"b\"";
    String body = "{\"query\": \"q\", \"documents\": [%s]}".formatted(many);

    assertThat(wire.post("/v2/rerank", key, body).status()).isEqualTo(200);

    assertThat(wire.post("/get_reward", key, "{\"query\": [\"a\"]}").code())
        .isEqualTo("quota_exceeded");
  }

  @Test
  void theDocumentTellsOfThe429() {
    assertThat(wire.get("/openapi.json", key(Scope.READ)).body()).contains("\"429\"");
  }

  @Test
  void theManagementPortAsksForAKeyToo(@LocalManagementPort int management) {
    Wire actuator = new Wire(management);

    assertThat(actuator.get("/actuator/health", null).status()).isEqualTo(200);
    assertThat(actuator.get("/actuator/prometheus", null).status()).isEqualTo(401);
    assertThat(actuator.get("/actuator/prometheus", keyOf("bob", Scope.READ)).status())
        .isEqualTo(403);
    assertThat(actuator.get("/actuator/prometheus", key(Scope.READ)).status()).isEqualTo(200);
    assertThat(wire.get("/livez", null).status()).as("on the API's port").isEqualTo(200);
    assertThat(wire.get("/actuator/prometheus", key(Scope.READ)).status()).isEqualTo(404);
  }

  @Test
  void aMinutesQuotaComesInEvenlyAndNeverExceedsAMinutes() {
    AtomicLong now = new AtomicLong();
    Quotas quotas =
        new Quotas(
            new SecuritySettings.Quota(60, 0),
            new TimeMeter() {
              @Override
              public long currentTimeNanos() {
                return now.get();
              }

              @Override
              public boolean isWallClockBased() {
                return false;
              }
            });
    assertThat(admitted(quotas, 100)).isEqualTo(60);
    now.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(admitted(quotas, 100)).isEqualTo(3);
    now.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(admitted(quotas, 100)).isEqualTo(60);
    assertThat(quotas.take("other").getFirst().retryAfter()).isZero();
  }

  @Test
  void aClientThatWaitsAsLongAsItWasToldIsAdmitted() {
    assertThat(QuotaFilter.seconds(Duration.ZERO)).isZero();
    assertThat(QuotaFilter.seconds(Duration.ofNanos(1))).isEqualTo(1);
    assertThat(QuotaFilter.seconds(Duration.ofMillis(1_000))).isEqualTo(1);
    assertThat(QuotaFilter.seconds(Duration.ofMillis(1_001))).isEqualTo(2);
  }

  private static int admitted(Quotas quotas, int requests) {
    int admitted = 0;
    for (int i = 0; i < requests; i++) {
      admitted += quotas.take("one").getFirst().retryAfter().isZero() ? 1 : 0;
    }
    return admitted;
  }
}
