package dev.palate.server.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.core.model.ScoreResult;
import dev.palate.server.adaptation.ServiceTest;
import dev.palate.server.adaptation.TestModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is held about a user, told to that user. */
class ExportTest extends ServiceTest {

  @Autowired ExportWriter writer;
  @Autowired Export export;
  @Autowired DataSource pool;
  @Autowired JsonMapper strict;

  private Answer export() throws Exception {
    return get("/users/" + user + "/export");
  }

  @Test
  void aUserWhoNeverWasHasEmptyLists() throws Exception {
    Answer answer = export();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().propertyNames())
        .containsExactly(
            "user",
            "exported_at",
            "feedback_seq",
            "solve_pending",
            "labels",
            "comparisons",
            "expert_weights",
            "expert_weights_history",
            "idempotency_keys",
            "api_keys");
    assertThat(answer.json().path("feedback_seq").asInt(-1)).isZero();
    assertThat(answer.json().path("solve_pending").asBoolean(true)).isFalse();
    answer.json().properties().stream()
        .filter(property -> property.getValue().isArray())
        .forEach(list -> assertThat(list.getValue()).as(list.getKey()).isEmpty());
  }

  @Test
  void theAnswerIsAFileThatNobodyOnTheWayKeeps() throws Exception {
    Answer answer = export();

    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"palate-export.json\"");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.header("Content-Length"))
        .isEqualTo(Integer.toString(answer.response().body().length()));
  }

  @Test
  void allThatTheUserGaveAndAllThatBecameOfItIsThere() throws Exception {
    label(one("l1", "a", "b"), "Idempotency-Key", "k1");
    labelAndSolve(
        "{\"id\": \"l2\", \"prompt\": \"pr\u00fcfe \ud83d\ude00\", \"chosen\": \"ab\", \"rejected\": \"c\", \"strength\": 0.5}");
    await().until(() -> !export().json().path("solve_pending").asBoolean());
    model.serveVersion("ffff0000");
    send("POST", "/users/" + user + "/expert-weights/solve", "", "Prefer", "wait=20");

    UserExport export = strict.readValue(export().response().body(), UserExport.class);

    assertThat(export.user().value()).isEqualTo(user);
    assertThat(export.createdAt()).isNotNull().isBefore(export.exportedAt());
    assertThat(export.feedbackAt()).isBetween(export.createdAt(), export.exportedAt());
    assertThat(export.feedbackSeq()).isEqualTo(2);
    UserExport.LabelEntry second = export.labels().get(1);
    assertThat(export.labels()).extracting(UserExport.LabelEntry::id).containsExactly("l1", "l2");
    assertThat(second.prompt()).isEqualTo("pr\u00fcfe \ud83d\ude00");
    assertThat(second.chosen()).isEqualTo("ab");
    assertThat(second.rejected()).isEqualTo("c");
    assertThat(second.strength()).isEqualTo(0.5f);
    assertThat(second.contentHash()).matches("[0-9a-f]{64}");
    assertThat(second.margins())
        .extracting(UserExport.MarginsEntry::modelVersion)
        .containsExactly("0123abcd", "ffff0000");
    assertThat(second.margins().getFirst().margins()).containsExactly(1, 1, -1);
    assertThat(second.margins().getFirst().routing()).containsExactly(0.5f, 0.3f, 0.2f);
    assertThat(export.expertWeights())
        .extracting(UserExport.WeightsEntry::modelVersion)
        .containsExactly("0123abcd", "ffff0000");
    UserExport.WeightsEntry last = export.expertWeights().getLast();
    assertThat(last.shift()).hasSize(TestModel.EXPERTS);
    assertThat((double) last.shift()[0]).isEqualTo(shift(weights(), 0));
    assertThat(last.uncertainty()).hasSize(TestModel.EXPERTS);
    assertThat(last.significant()).hasSize(TestModel.EXPERTS);
    assertThat(last.solvedSeq()).isEqualTo(2);
    assertThat(last.labels()).isEqualTo(2);
    assertThat(export.expertWeightsHistory()).hasSize((int) stored("expert_weights_history"));
    assertThat(export.expertWeightsHistory().getLast()).usingRecursiveComparison().isEqualTo(last);
    assertThat(export.idempotencyKeys()).extracting(UserExport.KeyEntry::key).containsExactly("k1");
  }

  @Test
  void aLabelThatWaitsForItsSolveIsThereWithoutMargins() throws Exception {
    model.between((items, result) -> new ScoreResult.DeadlineExceeded());
    label(one("l1", "a", "b"));

    JsonNode export = export().json();

    assertThat(export.path("solve_pending").asBoolean()).isTrue();
    assertThat(export.at("/labels/0/margins")).isEmpty();
    assertThat(export.path("expert_weights")).isEmpty();
  }

  @Test
  void aLabelThatIsSetAsideIsThereWithItsModelAlone() throws Exception {
    model.between((items, result) -> new ScoreResult.NotFinite(0));
    labelAndSolve(one("l1", "a", "b"));

    JsonNode export = export().json();

    assertThat(export.at("/labels/0/margins/0").propertyNames()).containsExactly("model_version");
    assertThat(export.at("/expert_weights/0").has("agreement")).as("none without labels").isFalse();
  }

  @Test
  void otherUsersAreNotInIt() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    send("POST", "/users/" + user + "-2/feedback", labels(one("other", "a", "b")));

    assertThat(export().json().path("labels")).hasSize(1);
    assertThat(export().response().body()).doesNotContain("other", user + "-2");
  }

  @Test
  void whatGoesWrongOnTheWayIsAProblemAndNotHalfAnAnswer() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    jdbc.sql("update expert_weights_history set agreement = 'Infinity' where user_id = ?")
        .param(user)
        .update();

    Answer answer = export();

    assertThat(answer.problem()).isEqualTo("500 internal -");
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.header("Content-Disposition")).isEmpty();
  }

  @Test
  void noFileIsLeftOver() throws Exception {
    Set<Path> before = files();
    labelAndSolve(one("l1", "a", "b"));
    export();
    jdbc.sql("update expert_weights_history set agreement = 'Infinity' where user_id = ?")
        .param(user)
        .update();
    export();

    assertThat(before).containsAll(files());
  }

  private static Set<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(PrivateFile.PREFIX))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void aUserIdThatIsNoneIsRefused() throws Exception {
    assertThat(get("/users/no%20body/export").problem()).isEqualTo("422 invalid_request user");
  }

  @Test
  void aPrivateFileHasNoNameWhileItIsOpen() throws Exception {
    Set<Path> before = files();
    try (PrivateFile file = PrivateFile.create()) {
      file.out().write("secret".getBytes(StandardCharsets.UTF_8));
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      file.sendTo(read);

      assertThat(file.size()).isEqualTo(6);
      assertThat(read).hasToString("secret");
      assertThat(before).containsAll(files());
    }
  }
}
