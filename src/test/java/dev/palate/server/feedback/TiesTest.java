package dev.palate.server.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.core.taste.LabelMargin;
import dev.palate.server.adaptation.ServiceTest;
import dev.palate.server.adaptation.Solving;
import dev.palate.server.bulk.BulkSolves;
import dev.palate.server.bulk.BulkStart;
import dev.palate.server.store.SolvedWeights;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Labels that prefer neither response, on a model that counts letters. */
class TiesTest extends ServiceTest {

  private static final String NEXT = "ffff0000";

  @Autowired Solving solving;
  @Autowired BulkStart bulk;
  @Autowired BulkSolves bulks;

  private JsonNode list() throws Exception {
    return get("/users/" + user + "/feedback").json().path("labels");
  }

  /** What the solver makes of these labels. */
  private void assertSolved(JsonNode weights, LabelMargin... labels) {
    SolvedWeights solved = solving.weights(model.bundle(), List.of(labels));
    for (int k = 0; k < solved.shift().length; k++) {
      assertThat((float) shift(weights, k)).as("expert %d", k).isEqualTo(solved.shift()[k]);
    }
    assertThat(weights.path("solved_labels").asInt()).isEqualTo(labels.length);
  }

  private static LabelMargin preference(float... margins) {
    return new LabelMargin(margins, new float[] {0.5f, 0.3f, 0.2f}, 1);
  }

  private static LabelMargin tied(float... margins) {
    return LabelMargin.tie(margins, new float[] {0.5f, 0.3f, 0.2f}, 1);
  }

  @Test
  void aTieIsHalfALabelEachWay() throws Exception {
    JsonNode alone = labelAndSolve(tie("t1", "ccc", "b"));
    assertSolved(alone, tied(0, -1, 3));
    assertThat(alone.path("agreement").isNull()).as("there is no preference").isTrue();

    JsonNode both = labelAndSolve(one("l1", "aa", "c"));

    assertSolved(both, tied(0, -1, 3), preference(2, 0, -1));
    assertThat(both.path("labels").asInt()).isEqualTo(2);
    assertThat(both.path("agreement").asDouble()).as("of the preferences").isEqualTo(1);
  }

  @Test
  void theOrderOfTheResponsesDoesNotMatter() throws Exception {
    String unnamed = "{\"prompt\": \"p\", \"tie\": true, \"responses\": [\"%s\", \"%s\"]}";
    JsonNode solved = labelAndSolve(unnamed.formatted("ccc", "b"));
    assertThat(label(unnamed.formatted("b", "ccc")).json().path("duplicates").asInt()).isEqualTo(1);
    send("DELETE", "/users/" + user, "");

    JsonNode other = labelAndSolve(unnamed.formatted("b", "ccc"));

    assertThat(other.path("experts")).isEqualTo(solved.path("experts"));
  }

  @Test
  void aTieIsOtherContentThanAPreferenceOfTheSameTexts() throws Exception {
    label(one("l1", "a", "b"));

    assertThat(label(tie("l1", "a", "b")).problem()).isEqualTo("409 label_conflict labels[0].id");
    assertThat(label(tie("t1", "a", "b")).json().path("accepted").asInt()).isEqualTo(1);
    assertThat(label(one("t1", "a", "b")).problem()).isEqualTo("409 label_conflict labels[0].id");
    assertThat(label(tie("t1", "b", "a")).json().path("duplicates").asInt()).isEqualTo(1);
    assertThat(label(tie("t1", "b", "aa")).problem()).isEqualTo("409 label_conflict labels[0].id");
  }

  @Test
  void falseIsAPreference() throws Exception {
    label(
        "{\"id\": \"l1\", \"prompt\": \"p\", \"tie\": false, \"chosen\": \"a\", \"rejected\": \"b\"}");

    assertThat(label(one("l1", "a", "b")).json().path("duplicates").asInt()).isEqualTo(1);
  }

  @Test
  void theListSaysWhatIsATie() throws Exception {
    label(
        one("l1", "a", "b")
            + ",{\"id\": \"t1\", \"prompt\": \"p\", \"tie\": true, \"responses\": [\"y\", \"x\"], \"strength\": 0.5}");

    assertThat(list().path(0).propertyNames())
        .containsExactly("id", "prompt", "chosen", "rejected", "strength", "created_at");
    JsonNode tie = list().path(1);
    assertThat(tie.propertyNames())
        .containsExactly("id", "tie", "prompt", "responses", "strength", "created_at");
    assertThat(tie.path("tie").asBoolean()).isTrue();
    assertThat(tie.path("responses").valueStream().map(JsonNode::asString))
        .as("as they were given")
        .containsExactly("y", "x");
    assertThat(tie.path("strength").asDouble()).isEqualTo(0.5);
  }

  @Test
  void aDeletedTieLeavesTheWeights() throws Exception {
    JsonNode alone = labelAndSolve(one("l1", "a", "b"));
    labelAndSolve(tie("t1", "aaaa", "b"));

    assertThat(send("DELETE", "/users/" + user + "/feedback/t1", "").status()).isEqualTo(204);

    await().until(() -> weights().path("version").asInt() == 3);
    assertThat(weights().path("experts")).isEqualTo(alone.path("experts"));
    assertThat(list()).hasSize(1);
  }

  @Test
  void aPreviewGivesTheWeightsThatFeedbackWouldGive() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    String more = tie("t1", "ccc", "b");

    JsonNode preview =
        send("POST", "/users/" + user + "/expert-weights/preview", labels(more)).json();

    assertThat(stored("label")).isEqualTo(1);
    JsonNode solved = labelAndSolve(more);
    assertThat((float) shift(preview, 2)).isEqualTo((float) shift(solved, 2));
    assertThat(preview.path("labels").asInt()).isEqualTo(2);
  }

  @Test
  void itsInfluenceIsSaid() throws Exception {
    labelAndSolve(one("l1", "ccc", "") + "," + tie("t1", "cc", "b"));

    JsonNode influence = get("/users/" + user + "/influence").json();

    assertThat(influence.path("solved_labels").asInt()).isEqualTo(2);
    JsonNode named = influence.path("labels");
    assertThat(named.valueStream().map(label -> label.path("id").asString()))
        .containsExactly("l1", "t1");
    assertThat(named.at("/1/tie").asBoolean()).isTrue();
  }

  @Test
  void aTieAnswersAComparison() throws Exception {
    String comparison =
        "{\"comparisons\": [{\"id\": \"c1\", \"prompt\": \"p\", \"responses\": [\"a\", \"b\"]}]}";
    String path = "/users/" + user + "/comparisons";
    send("POST", path, comparison);

    label(tie("t1", "b", "a"));

    assertThat(get("/users/" + user + "/next-comparisons").json().path("candidates").asInt())
        .isZero();
    assertThat(send("POST", path, comparison).json().path("labelled").asInt()).isEqualTo(1);
  }

  @Test
  void anotherModelScoresTiesInBulkAsTheUsersOwnJobDoes() throws Exception {
    JsonNode own = labelAndSolve(tie("t1", "ccc", "b") + "," + one("l1", "a", ""));
    model.serveVersion(NEXT);

    bulk.start(NEXT);
    await().until(() -> !bulks.anyRuns());

    JsonNode inBulk = weights();
    assertThat(inBulk.path("model_version").asString()).isEqualTo(NEXT);
    assertThat(inBulk.path("solved_labels").asInt()).isEqualTo(2);
    assertThat(inBulk.path("experts")).isEqualTo(own.path("experts"));
  }

  @Test
  void anExportHasTiesWithTheirMargins() throws Exception {
    labelAndSolve(tie("t1", "ccc", "b"));

    JsonNode tie = get("/users/" + user + "/export").json().at("/labels/0");

    assertThat(tie.propertyNames())
        .containsExactly(
            "id",
            "tie",
            "prompt",
            "responses",
            "strength",
            "created_at",
            "content_hash",
            "margins");
    assertThat(tie.at("/margins/0/margins").valueStream().map(JsonNode::asInt))
        .containsExactly(0, -1, 3);
    assertThat(tie.at("/margins/0/routing")).hasSize(3);
  }
}
