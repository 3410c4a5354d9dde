package dev.palate.server.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.model.CacheUse;
import dev.palate.core.model.Prompt;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.ScoreTimings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ScoreTest extends WebTest {

  private static final String TWO =
      "{%s\"prompt\":\"p\",\"responses\":[\"first answer\",\"second\"]}";

  @AfterEach
  void mend() {
    model.alive(true);
    weights.cut(false);
  }

  @Test
  void aDeadForwardThreadIsSeenByBothProbes() {
    assertThat(http.send(http.request("/readyz")).status()).isEqualTo(200);
    assertThat(http.send(http.request("/livez")).status()).isEqualTo(200);

    model.alive(false);

    assertThat(http.send(http.request("/readyz")).status()).isEqualTo(503);
    assertThat(http.send(http.request("/livez")).status()).isEqualTo(503);
  }

  @Test
  void contributionsAddUpToTheReward() {
    weights.store("carol", new float[] {0.3f, -0.7f, 0.2f, 1.1f}, 2, false);

    for (JsonNode response : score("\"user\":\"carol\",").path("responses")) {
      double sum = 0;
      for (JsonNode expert : response.path("experts")) {
        sum += expert.path("contribution").asDouble();
      }
      assertThat(sum).isCloseTo(response.path("reward").asDouble(), within(1e-6));
    }
  }

  @Test
  void aUserWithoutWeightsIsScoredAsNobody() {
    JsonNode nobody = score("");
    JsonNode unknown = score("\"user\":\"never-seen\",");

    assertThat(unknown.path("weights").asString()).isEqualTo("prior");
    assertThat(unknown.path("responses")).isEqualTo(nobody.path("responses"));
  }

  @Test
  void anonymousScoringDoesNotAskTheDatabase() {
    int before = weights.reads();
    score("");
    assertThat(weights.reads()).isEqualTo(before);
  }

  @Test
  void aShiftMovesTheRewardsByItsContribution() {
    weights.store("dave", new float[] {5, 0, 0, 0}, 7, false);

    JsonNode personal = score("\"user\":\"dave\",");

    assertThat(personal.path("weights").asString()).isEqualTo("personal");
    assertThat(personal.path("weights_version").asInt()).isEqualTo(7);
    assertThat(personal.path("routing").path(0).path("expert").asInt()).isZero();
  }

  @Test
  void newerFeedbackThanTheSolveIsCalledStale() {
    weights.store("erin", new float[] {0, 1, 0, 0}, 1, true);
    assertThat(score("\"user\":\"erin\",").path("weights").asString()).isEqualTo("stale");
  }

  @Test
  void withTheDatabaseAwayAUserIsServedByThePriorAndToldSo() {
    weights.cut(true);
    JsonNode answer = score("\"user\":\"frank\",");

    assertThat(answer.path("weights").asString()).isEqualTo("stale");
    assertThat(answer.path("responses")).isEqualTo(score("").path("responses"));
  }

  @Test
  void withTwoResponsesTheProbabilityIsTheFirsts() {
    JsonNode answer = score("");
    double margin =
        answer.path("responses").path(0).path("reward").asDouble()
            - answer.path("responses").path(1).path("reward").asDouble();
    double expected =
        FakeModel.LABEL_NOISE
            + (1 - 2 * FakeModel.LABEL_NOISE) / (1 + Math.exp(-FakeModel.SCALE * margin));

    assertThat(answer.path("probability").asDouble()).isCloseTo(expected, within(1e-9));
    assertThat(answer.path("preferred").asInt()).isEqualTo(margin >= 0 ? 0 : 1);
  }

  @Test
  void whatWasReadOfThePromptIsSaid() {
    JsonNode whole = http.post("/score", "{\"prompt\":\"one two\",\"responses\":[\"a\"]}").json();
    assertThat(whole.path("prompt_tokens").asInt()).isEqualTo(2);
    assertThat(whole.path("prompt_truncated").asBoolean(true)).isFalse();

    String prompt = "word ".repeat(FakeModel.MAX_TOKENS + 1);
    JsonNode cut =
        http.post("/score", "{\"prompt\":\"" + prompt + "\",\"responses\":[\"a\"]}").json();
    assertThat(cut.path("prompt_tokens").asInt()).isEqualTo(FakeModel.MAX_TOKENS + 1);
    assertThat(cut.path("prompt_truncated").asBoolean()).isTrue();
    assertThat(cut.at("/responses/0/truncated").asBoolean(true)).isFalse();
  }

  @Test
  void aBatchAnswersInInputOrderEachWithItsId() {
    Http.Answer answer =
        http.post(
            "/score/batch",
            "{\"items\":[{\"id\":\"x\",\"prompt\":\"p\",\"responses\":[\"a\"]},"
                + "{\"id\":\"y\",\"prompt\":\"q\",\"responses\":[\"b\",\"c\"]}]}");

    assertThat(answer.status()).isEqualTo(200);
    JsonNode items = answer.json().path("items");
    assertThat(items.path(0).path("id").asString()).isEqualTo("x");
    assertThat(items.path(1).path("responses")).hasSize(2);
  }

  @Test
  void aFullServerAnswers503AndWhenToComeBack() {
    model.answerNext(new ScoreResult.Overloaded(Duration.ofSeconds(3)));
    Http.Answer answer = http.post("/score", TWO.formatted(""));

    assertThat(answer.problem()).startsWith("503 overloaded");
    assertThat(answer.header("Retry-After")).isEqualTo("3");
  }

  @Test
  void aPassedDeadlineIs504() {
    model.answerNext(new ScoreResult.DeadlineExceeded());
    assertThat(http.post("/score", TWO.formatted("")).problem())
        .startsWith("504 deadline_exceeded");
  }

  @Test
  void aScoreThatIsNoNumberIs500WithItsCode() {
    model.answerNext(new ScoreResult.NotFinite(0));
    assertThat(http.post("/score", TWO.formatted("")).problem())
        .startsWith("500 model_output_not_finite");
  }

  @Test
  void theHeaderSaysHowMuchWasRemembered() {
    Http.Answer miss = http.post("/score", TWO.formatted(""));
    assertThat(miss.header("X-Cache")).isEqualTo("miss");
    assertThat(miss.header("X-Inference-Ms")).isEqualTo("3");

    ScoreResult.Scored scored =
        (ScoreResult.Scored)
            model.score(
                List.of(new ScoreItem(new Prompt("p"), List.of("first answer", "second"))),
                ScoreOptions.DEFAULT);
    model.answerNext(new ScoreResult.Scored(scored.items(), ScoreTimings.NONE, CacheUse.PARTIAL));
    assertThat(http.post("/score", TWO.formatted("")).header("X-Cache")).isEqualTo("partial");

    model.answerNext(new ScoreResult.Scored(scored.items(), ScoreTimings.NONE, CacheUse.HIT));
    Http.Answer hit = http.post("/score", TWO.formatted(""));
    assertThat(hit.header("X-Cache")).isEqualTo("hit");
    assertThat(hit.header("X-Tokenize-Ms") + hit.header("X-Inference-Ms")).isEqualTo("00");
    assertThat(hit.json()).isEqualTo(miss.json());
  }

  private JsonNode score(String user) {
    Http.Answer answer = http.post("/score", TWO.formatted(user));
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json();
  }
}
