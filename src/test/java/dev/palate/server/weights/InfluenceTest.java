package dev.palate.server.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.server.adaptation.ServiceTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class InfluenceTest extends ServiceTest {

  private JsonNode influence(String query) throws Exception {
    Answer answer = get("/users/" + user + "/influence" + query);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json();
  }

  private static JsonNode of(JsonNode answer, int expert) {
    return answer
        .path("experts")
        .valueStream()
        .filter(entry -> entry.path("expert").asInt() == expert)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theLabelThatSpeaksOfAnExpertPullsItAndTheOtherDoesNot() throws Exception {
    JsonNode solved = labelAndSolve(one("cs", "ccc", "") + "," + one("bs", "bb", ""));

    JsonNode answer = influence("");

    assertThat(answer.path("solved_labels").asInt()).isEqualTo(2);
    JsonNode third = of(answer, 2);
    assertThat(third.path("name").asString()).isEqualTo("letter 2");
    assertThat(third.path("shift").asDouble()).isCloseTo(shift(solved, 2), within(1e-6));
    assertThat(third.path("labels").path(0).path("id").asString()).isEqualTo("cs");
    assertThat(third.path("labels").path(0).path("pull").asDouble()).isPositive();
    assertThat(third.path("labels")).as("bs says nothing of it").hasSize(1);
    assertThat(answer.at("/labels/0/id").asString()).isEqualTo("cs");
    assertThat(answer.at("/labels/0/chosen").asString()).isEqualTo("ccc");
  }

  @Test
  void expertsComeWithTheFarthestShiftedFirst() throws Exception {
    labelAndSolve(one("cs", "ccc", "") + "," + one("bs", "b", ""));

    assertThat(influence("").at("/experts/0/expert").asInt()).isEqualTo(2);
  }

  @Test
  void noMoreLabelsAreNamedThanAskedFor() throws Exception {
    labelAndSolve(one("l1", "c", "") + "," + one("l2", "cc", "") + "," + one("l3", "ccc", ""));

    JsonNode answer = influence("?limit=1");

    assertThat(of(answer, 2).path("labels")).hasSize(1);
    assertThat(answer.path("labels")).hasSize(1);
  }

  @Test
  void aUserWithoutLabelsHasExpertsAtThePriorAndNothingThatPulls() throws Exception {
    JsonNode answer = influence("");

    assertThat(answer.path("solved_labels").asInt()).isZero();
    assertThat(answer.path("labels")).isEmpty();
    assertThat(answer.path("experts")).hasSize(3);
    assertThat(of(answer, 0).path("shift").asDouble()).isEqualTo(0.1);
    assertThat(of(answer, 0).path("labels")).isEmpty();
  }

  @Test
  void aLabelWhoseTextsWereDroppedStillPulls() throws Exception {
    labelAndSolve(one("old", "ccc", ""));
    jdbc.sql("update label set prompt = null, chosen = null, rejected = null where user_id = ?")
        .param(user)
        .update();

    JsonNode answer = influence("");

    assertThat(of(answer, 2).at("/labels/0/id").asString()).isEqualTo("old");
    assertThat(answer.at("/labels/0").has("prompt")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "21", "-1"})
  void aLimitOutOfRangeIsRefused(String limit) throws Exception {
    assertThat(get("/users/" + user + "/influence?limit=" + limit).problem())
        .isEqualTo("422 invalid_request limit");
  }

  @Test
  void whatIsNoUserIdIsRefused() throws Exception {
    assertThat(get("/users/a%20b/influence").problem()).isEqualTo("422 invalid_request user");
  }
}
