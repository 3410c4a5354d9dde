package dev.palate.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.tier.LongForm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an operator may do to the jar, and what must still be there afterwards. Each test has
 * services of its own, so that two may run at a time.
 */
@Execution(ExecutionMode.CONCURRENT)
@LongForm
class SurvivalIT {

  @TempDir Path temp;

  @Test
  void aRestartKeepsUsersAndWeights() {
    Path data = temp.resolve("restart");
    JsonNode before;
    try (PalateProcess palate = PalateProcess.startPrepared(data);
        ApiClient api = palate.client()) {
      assertThat(api.label("alice", 0, TersePairs.pairs(0, 8), "Prefer", "wait=20").status())
          .isEqualTo(200);
      before = api.get("/users/alice/expert-weights").body();
    }

    try (PalateProcess palate = PalateProcess.startPrepared(data);
        ApiClient api = palate.client()) {
      assertThat(api.get("/users/alice/expert-weights").body()).isEqualTo(before);
    }
  }

  @Test
  void aStructuredLogHasOneObjectALineAndTheAuditLinesFields() {
    try (PalateProcess palate =
            PalateProcess.startPrepared(
                temp.resolve("ecs"), "--logging.structured.format.console=ecs");
        ApiClient api = palate.client()) {
      assertThat(api.delete("/users/carol").status()).isEqualTo(204);

      JsonNode line =
          palate
              .log()
              .lines()
              .filter(text -> text.contains("eraseUser"))
              .map(text -> JsonMapper.shared().readTree(text))
              .findFirst()
              .orElseThrow();
      assertThat(line.path("log").path("logger").asString()).isEqualTo("palate.audit");
      assertThat(line.path("act").asString()).isEqualTo("eraseUser");
      assertThat(line.path("object").asString()).isEqualTo("carol");
      assertThat(line.path("actor").asString()).isEqualTo("anyone");
      assertThat(line.path("outcome").asString()).isEqualTo("done");
      assertThat(line.path("request_id").asString()).isNotEmpty();
    }
  }

  @Test
  void killedBetweenFeedbackAndSolveItLosesNothingAndCatchesUp() {
    Path data = temp.resolve("killed");
    List<String> users = new ArrayList<>();
    PalateProcess palate = PalateProcess.startPrepared(data, "--db-scheduler.enabled=false");
    try (ApiClient api = palate.client()) {
      for (int i = 0; i < 20; i++) {
        String user = "user-" + i;
        assertThat(api.label(user, 0, TersePairs.pairs(i % 4, 8)).status()).isEqualTo(202);
        assertThat(api.get("/users/" + user + "/expert-weights").body().path("status").asString())
            .isEqualTo("pending");
        users.add(user);
      }
    } finally {
      palate.kill();
    }

    try (PalateProcess again = PalateProcess.startPrepared(data);
        ApiClient api = again.client()) {
      for (String user : users) {
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(() -> {
              JsonNode weights = api.get("/users/" + user + "/expert-weights").body();
              assertThat(weights.path("status").asString()).isEqualTo("current");
              assertThat(weights.path("solved_labels").asInt()).isEqualTo(8);
            });
      }
    }
  }

  @Test
  void itRefusesToListenBeyondLoopbackWithoutAuthentication() {
    PalateProcess palate =
        PalateProcess.launchPrepared(temp.resolve("bind"), "--server.address=0.0.0.0");

    assertThat(palate.exitCode()).isNotZero();
    assertThat(palate.log()).contains("server.address").doesNotContain("\tat ");
  }

  @Test
  void itRefusesAGpuThatIsNotThereAndSaysWhy() {
    PalateProcess palate =
        PalateProcess.launchPrepared(temp.resolve("gpu"), "--palate.model.device=gpu");

    assertThat(palate.exitCode()).isNotZero();
    assertThat(palate.log()).contains("GPU").doesNotContain("\tat ");
  }
}
