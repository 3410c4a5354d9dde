package dev.palate.server.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.server.adaptation.ServiceTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ExpertWeightsTest extends ServiceTest {

  @Test
  void aUserNeverSeenStandsAtThePrior() throws Exception {
    JsonNode weights = weights();

    assertThat(weights.path("status").asString()).isEqualTo("prior");
    assertThat(weights.path("version").asInt()).isZero();
    assertThat(weights.path("agreement").isNull()).isTrue();
    JsonNode heaviest = weights.at("/experts/0");
    assertThat(heaviest.path("expert").asInt()).isZero();
    assertThat(heaviest.path("name").asString()).isEqualTo("letter 0");
    assertThat(heaviest.path("prior").asDouble()).isEqualTo(0.5);
    assertThat(heaviest.path("shift").asDouble()).isEqualTo(0.1);
    assertThat(heaviest.path("weight").asDouble()).isEqualTo(0.6);
    assertThat(heaviest.path("uncertainty").asDouble()).isEqualTo(0.5);
  }

  @Test
  void labelsMoveTheWeightOfTheExpertTheyAgreeWith() throws Exception {
    JsonNode solved = labelAndSolve(one("l1", "ccc", "b") + "," + one("l2", "cc", ""));

    assertThat(solved.path("status").asString()).isEqualTo("current");
    assertThat(solved.path("version").asInt()).isEqualTo(1);
    assertThat(solved.path("labels").asInt()).isEqualTo(2);
    assertThat(solved.path("solved_labels").asInt()).isEqualTo(2);
    assertThat(solved.path("agreement").asDouble()).isEqualTo(1.0);
    assertThat(shift(solved, 2)).isGreaterThan(0.1);
    assertThat(solved.at("/experts/0/weight").asDouble())
        .isCloseTo(
            solved.at("/experts/0/prior").asDouble() + solved.at("/experts/0/shift").asDouble(),
            within(1e-9));
  }

  @Test
  void anUnchangedAnswerIs304AndAChangedOneIsNot() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    String path = "/users/" + user + "/expert-weights";
    String etag = get(path).header("ETag");
    assertThat(etag).startsWith("\"letters-0123abcd-2-1");

    assertThat(get(path, "If-None-Match", etag).status()).isEqualTo(304);
    labelAndSolve(one("l2", "a", "b"));
    assertThat(get(path, "If-None-Match", etag).status()).isEqualTo(200);
  }

  @Test
  void aUserWhoComesAgainIsNotTakenForTheErasedOne() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    String path = "/users/" + user + "/expert-weights";
    String etag = get(path).header("ETag");
    send("DELETE", "/users/" + user, "");
    labelAndSolve(one("l1", "c", "b"));

    assertThat(get(path, "If-None-Match", etag).status()).isEqualTo(200);
  }

  @Test
  void theHistoryIsPagedFromTheNewest() throws Exception {
    for (int i = 0; i < 5; i++) {
      labelAndSolve(one("l" + i, "a", "b"));
    }

    List<Integer> versions = new ArrayList<>();
    String path = "/users/" + user + "/expert-weights/history?limit=2";
    JsonNode page = get(path).json();
    page.path("versions").forEach(v -> versions.add(v.path("version").asInt()));
    while (!page.path("next").isNull()) {
      page = get(path + "&after=" + page.path("next").asString()).json();
      page.path("versions").forEach(v -> versions.add(v.path("version").asInt()));
    }

    assertThat(versions).containsExactly(5, 4, 3, 2, 1);
  }

  @Test
  void aPreviewGivesTheWeightsThatFeedbackWouldGiveAndStoresNothing() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    String more = one("l2", "cc", "b") + "," + one("l1", "a", "b");

    JsonNode preview =
        send("POST", "/users/" + user + "/expert-weights/preview", labels(more)).json();

    assertThat(stored("label")).isEqualTo(1);
    JsonNode solved = labelAndSolve(more);
    assertThat(preview.path("labels").asInt()).isEqualTo(2);
    assertThat(shift(preview, 2)).isCloseTo(shift(solved, 2), within(1e-6));
  }

  @Test
  void aPreviewForSomebodyUnknownMakesNoUser() throws Exception {
    Answer answer =
        send("POST", "/users/" + user + "/expert-weights/preview", labels(one("l1", "a", "b")));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(weights().path("status").asString()).isEqualTo("prior");
  }

  @Test
  void anotherModelVersionDoesNotUseTheOldWeights() throws Exception {
    labelAndSolve(one("l1", "a", "b"));

    model.serveVersion("ffff0000");

    assertThat(weights().path("status").asString()).isEqualTo("pending");
    assertThat(weights().path("version").asInt()).isZero();
    assertThat(shift(weights(), 0)).isEqualTo(0.1);
  }
}
