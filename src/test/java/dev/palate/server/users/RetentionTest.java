package dev.palate.server.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.palate.core.model.ScoreResult;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import tools.jackson.databind.JsonNode;

/** Texts are dropped after a day; what was learned from them stays. */
class RetentionTest extends RetentionFixture {

  private JsonNode solve() throws Exception {
    Answer answer =
        send("POST", "/users/" + user + "/expert-weights/solve", "", "Prefer", "wait=20");
    assertThat(answer.status()).isEqualTo(200);
    return answer.json();
  }

  /** As rows of text, to the last bit. */
  private String numbers(String modelVersion) {
    return jdbc.sql(
            """
            select encode(array_send(shift) || array_send(uncertainty) || float8send(agreement), 'hex')
              || significant::text || labels
            from expert_weights where user_id = ? and model_version = ?
            """)
        .param(user)
        .param(modelVersion)
        .query(String.class)
        .single();
  }

  @Test
  void oldTextsGoAndYoungOnesStay() throws Exception {
    labelAndSolve(
        one("old", "abc", "b") + "," + one("young", "a", "b") + "," + one("old2", "c", "b"));
    age("old", "old2");
    double before = meters.counter("palate.retention.labels.texts.dropped").count();

    assertThat(job.run()).isTrue();

    assertThat(withTexts()).containsExactly("young");
    JsonNode labels = get("/users/" + user + "/feedback").json().path("labels");
    assertThat(labels.path(0).propertyNames()).containsExactly("id", "strength", "created_at");
    assertThat(labels.path(1).path("chosen").asString()).isEqualTo("a");
    JsonNode exported = get("/users/" + user + "/export").json().path("labels").path(0);
    assertThat(exported.propertyNames())
        .containsExactly("id", "strength", "created_at", "content_hash", "margins");
    assertThat(exported.at("/margins/0/margins")).hasSize(3);
    assertThat(meters.counter("palate.retention.labels.texts.dropped").count() - before)
        .isEqualTo(2);
  }

  @Test
  void oldTextsOfTiesGoAndTheirMarginsStay() throws Exception {
    labelAndSolve(tie("old", "abc", "b") + "," + tie("young", "a", "b") + "," + one("l", "c", "b"));
    String before = numbers("0123abcd");
    age("old", "l");

    job.run();

    JsonNode labels = get("/users/" + user + "/feedback").json().path("labels");
    assertThat(labels.path(0).propertyNames())
        .containsExactly("id", "tie", "strength", "created_at");
    assertThat(labels.at("/1/responses/0").asString()).isEqualTo("a");
    assertThat(labels.path(2).has("prompt")).isFalse();
    assertThat(label(tie("old", "b", "abc")).json().path("duplicates").asInt()).isEqualTo(1);
    jdbc.sql("update users set feedback_seq = feedback_seq + 1 where id = ?").param(user).update();
    solve();
    assertThat(numbers("0123abcd")).isEqualTo(before);
  }

  @Test
  void aNewModelPassesTiesWithoutTextsOver() throws Exception {
    labelAndSolve(tie("old", "abc", "b") + "," + one("young", "a", "b"));
    age("old");
    job.run();
    model.serveVersion(NEXT);

    JsonNode solved = solve();

    assertThat(solved.path("labels").asInt()).isEqualTo(2);
    assertThat(solved.path("solved_labels").asInt()).isEqualTo(1);
  }

  @Test
  void oldComparisonsGoWholeAndYoungOnesStay() throws Exception {
    send(
        "POST",
        "/users/" + user + "/comparisons",
        """
        {"comparisons": [{"id": "old", "prompt": "p", "responses": ["a", "b"]},
          {"id": "young", "prompt": "p", "responses": ["a", "c"]}]}
        """);
    jdbc.sql(
            """
            update comparison set created_at = created_at - interval '25 hours'
            where user_id = ? and comparison_id = 'old'
            """)
        .param(user)
        .update();

    assertThat(job.run()).isTrue();

    JsonNode left = get("/users/" + user + "/export").json().path("comparisons");
    assertThat(left).hasSize(1);
    assertThat(left.at("/0/id").asString()).isEqualTo("young");
  }

  @Test
  void theTextsOfALabelStayUntilTheModelThatServesHasScoredIt() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    age("l1");
    model.serveVersion(NEXT);

    job.run();
    assertThat(withTexts()).as("the model before had scored it").containsExactly("l1");

    solve();
    job.run();
    assertThat(withTexts()).isEmpty();
    assertThat(weights().path("solved_labels").asInt()).isEqualTo(1);
  }

  @Test
  void aLabelThatIsSetAsideIsScoredEnough() throws Exception {
    model.between((items, result) -> new ScoreResult.NotFinite(0));
    labelAndSolve(one("l1", "a", "b"));
    age("l1");

    job.run();

    assertThat(withTexts()).isEmpty();
  }

  @Test
  void withoutTheTextsASolveGivesTheSameWeightsBitForBit() throws Exception {
    labelAndSolve(one("l1", "aab", "b") + "," + one("l2", "ca", "bb") + "," + one("l3", "c", "a"));
    String before = numbers("0123abcd");
    age("l1", "l2", "l3");
    job.run();
    assertThat(withTexts()).isEmpty();

    jdbc.sql("update users set feedback_seq = feedback_seq + 1 where id = ?").param(user).update();
    assertThat(solve().path("version").asInt()).as("solved anew").isEqualTo(2);

    assertThat(numbers("0123abcd")).isEqualTo(before);
  }

  @Test
  void theSameLabelSentAgainIsADuplicateStillAndOtherContentAConflict() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    age("l1");
    job.run();

    assertThat(label(one("l1", "a", "b")).json().path("duplicates").asInt()).isEqualTo(1);
    assertThat(label(one("l1", "a", "c")).problem()).isEqualTo("409 label_conflict labels[0].id");
    assertThat(withTexts()).as("a duplicate brings no text back").isEmpty();
  }

  @Test
  void aNewModelPassesLabelsWithoutTextsOverInTheUsersOwnJob() throws Exception {
    labelAndSolve(one("young", "a", "bc"));
    model.serveVersion(NEXT);
    solve();
    String alone = numbers(NEXT);
    model.reset();
    jdbc.sql("delete from users").update();
    labelAndSolve(one("old", "ccc", "b") + "," + one("young", "a", "bc"));
    age("old");
    job.run();
    model.serveVersion(NEXT);

    JsonNode solved = solve();

    assertThat(solved.path("status").asString()).isEqualTo("current");
    assertThat(solved.path("labels").asInt()).isEqualTo(2);
    assertThat(solved.path("solved_labels").asInt()).isEqualTo(1);
    assertThat(numbers(NEXT)).as("as if the old one had never been").isEqualTo(alone);
  }

  @Test
  void aNewModelPassesLabelsWithoutTextsOverInBulk() throws Exception {
    String other = user + "-2";
    labelAndSolve(one("old", "ccc", "b") + "," + one("young", "a", "bc"));
    send("POST", "/users/" + other + "/feedback", labels(one("old", "a", "b")));
    await()
        .until(() -> {
          JsonNode weights = get("/users/" + other + "/expert-weights").json();
          return weights.path("status").asString().equals("current");
        });
    jdbc.sql("update label set created_at = now() - interval '2 days' where label_id = 'old'")
        .update();
    job.run();
    model.serveVersion(NEXT);

    long id = bulk.start(NEXT);

    await().until(() -> !bulks.anyRuns());
    JsonNode finished = get("/bulk-solves/" + id).json();
    assertThat(finished.path("done").asInt()).isEqualTo(2);
    assertThat(finished.path("failed").asInt()).isZero();
    String inBulk = numbers(NEXT);
    JsonNode none = get("/users/" + other + "/expert-weights").json();
    assertThat(none.path("status").asString()).isEqualTo("current");
    assertThat(none.path("labels").asInt()).isEqualTo(1);
    assertThat(none.path("solved_labels").asInt()).isZero();
    assertThat(shift(none, 0)).as("the prior's").isEqualTo((double) 0.1f);
    for (String table : List.of("expert_weights", "expert_weights_history")) {
      jdbc.sql("delete from " + table + " where model_version = ?").param(NEXT).update();
    }
    solve();
    assertThat(numbers(NEXT)).as("the user's own job's").isEqualTo(inBulk);
  }

  @Test
  void aLabelHasAllOfItsTextsOrNone() throws Exception {
    labelAndSolve(one("l1", "a", "b"));

    assertThatThrownBy(() -> jdbc.sql("update label set prompt = null").update())
        .isInstanceOf(DataIntegrityViolationException.class)
        .hasMessageContaining("label_texts");
  }
}
