package dev.palate.server.comparisons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.model.ScoreResult;
import dev.palate.core.taste.InformationGain;
import dev.palate.core.taste.Likelihood;
import dev.palate.server.adaptation.ServiceTest;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** What to ask a user next, on a model that counts letters. */
@TestPropertySource(properties = "palate.comparisons.max-per-user=6")
class ComparisonsTest extends ServiceTest {

  private static String pair(String id, String first, String second) {
    return """
    {"id": "%s", "prompt": "p", "responses": ["%s", "%s"]}\
    """
        .formatted(id, first, second);
  }

  private Answer take(String... comparisons) throws Exception {
    return send(
        "POST",
        "/users/" + user + "/comparisons",
        "{\"comparisons\": [" + String.join(", ", comparisons) + "]}");
  }

  private JsonNode next() throws Exception {
    Answer answer = get("/users/" + user + "/next-comparisons");
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json();
  }

  private static List<String> ids(JsonNode answer) {
    return answer.path("comparisons").valueStream().map(c -> c.path("id").asString()).toList();
  }

  @Test
  void thePairWhoseLabelTeachesMostComesFirst() throws Exception {
    Answer taken =
        take(pair("none", "xy", "yx"), pair("much", "bbbb", "aaa"), pair("some", "b", "a"));
    assertThat(taken.status()).isEqualTo(200);
    assertThat(taken.json().path("accepted").asInt()).isEqualTo(3);

    JsonNode answer = next();

    assertThat(ids(answer)).containsExactly("much", "some", "none");
    assertThat(answer.path("model_version").asString()).isEqualTo("0123abcd");
    assertThat(answer.path("candidates").asInt()).isEqualTo(3);
    assertThat(answer.path("labels").asInt()).isZero();
    JsonNode much = answer.path("comparisons").path(0);
    assertThat(much.path("prompt").asString()).isEqualTo("p");
    assertThat(much.path("responses").valueStream().map(JsonNode::asString))
        .containsExactly("bbbb", "aaa");
    // D = (-3, 4, 0), topM(w) = (5, 3, 0) / 8, mu = (.1, 0, 0), Sigma = I / 4
    double margin = -3 * 5 / 8.0 + 4 * 3 / 8.0 - 0.3;
    Likelihood likelihood = new Likelihood(1, 0.02, 2);
    assertThat(much.path("probability").asDouble())
        .isCloseTo(likelihood.probability(margin), within(1e-6));
    assertThat(much.path("information_gain").asDouble())
        .isCloseTo(InformationGain.of(likelihood, margin, 25 / 4.0).nats(), within(1e-6));
    assertThat(answer.at("/comparisons/2/information_gain").asDouble()).isCloseTo(0, within(1e-12));
  }

  @Test
  void aPreviewChoosesFromThePairsOfTheRequestAsIfTheyWereKeptAndKeepsNone() throws Exception {
    String[] pairs = {
      pair("none", "xy", "yx"), pair("much", "bbbb", "aaa"), pair("some", "b", "a")
    };
    String path = "/users/" + user + "/comparisons/preview?limit=2";
    String body = "{\"comparisons\": [" + String.join(",", pairs) + "]}";

    Answer preview = send("POST", path, body);

    assertThat(preview.status()).as(preview.response().body()).isEqualTo(200);
    assertThat(
            jdbc.sql("select count(*) from users where id = ?")
                .param(user)
                .query(Long.class)
                .single())
        .as("nobody was made")
        .isZero();
    take(pairs);
    assertThat(preview.json().path("comparisons"))
        .isEqualTo(get("/users/" + user + "/next-comparisons?limit=2").json().path("comparisons"));
    assertThat(ids(preview.json())).containsExactly("much", "some");
    assertThat(send("POST", path, "{\"comparisons\": []}").problem())
        .isEqualTo("422 invalid_request comparisons");
    assertThat(send("POST", path.replace("=2", "=0"), body).problem())
        .isEqualTo("422 invalid_request limit");
  }

  @Test
  void aListAsksOneThingOnceAndALimitCutsIt() throws Exception {
    take(
        pair("a4", "aaaa", "x"),
        pair("a4 too", "aaaa", "y"),
        pair("a4 again", "aaaa", "z"),
        pair("c3", "ccc", "x"));

    assertThat(ids(next()).subList(0, 2)).containsExactlyInAnyOrder("a4", "c3");
    assertThat(ids(get("/users/" + user + "/next-comparisons?limit=1").json())).hasSize(1);
  }

  @Test
  void aLabelAnswersItsPairInEitherOrderAndTeachesOfTheOthers() throws Exception {
    take(pair("one", "aaa", "b"), pair("two", "c", "aaaa"), pair("like one", "aaa", "bx"));
    JsonNode before = next();

    labelAndSolve(one("l1", "aaa", "b") + "," + one("l2", "aaaa", "c"));

    JsonNode after = next();
    assertThat(ids(after)).containsExactly("like one");
    assertThat(after.path("labels").asInt()).isEqualTo(2);
    assertThat(probability(after, "like one")).isGreaterThan(probability(before, "like one"));
    assertThat(
            take(pair("one", "aaa", "b"), pair("two again", "aaaa", "c"))
                .json()
                .path("labelled")
                .asInt())
        .as("they do not come back")
        .isEqualTo(2);
    assertThat(ids(next())).containsExactly("like one");
  }

  private static double probability(JsonNode answer, String id) {
    return answer
        .path("comparisons")
        .valueStream()
        .filter(c -> c.path("id").asString().equals(id))
        .findFirst()
        .orElseThrow()
        .path("probability")
        .asDouble();
  }

  @Test
  void aLabelThatIsNotSolvedYetCounts() throws Exception {
    take(pair("one", "aaa", "b"), pair("two", "aaa", "c"));
    double before = probability(next(), "two");

    label(one("l1", "aaa", "b"));

    assertThat(probability(next(), "two")).isGreaterThan(before);
  }

  @Test
  void aPairIsTakenOnceAndAnIdStandsForOnePair() throws Exception {
    take(pair("one", "a", "b"));

    Answer again = take(pair("one", "a", "b"), pair("two", "b", "a"), pair("three", "a", "c"));
    Answer other = take(pair("four", "c", "b"), pair("one", "a", "c"));
    Answer unnamed =
        take(
            "{\"prompt\": [{\"role\": \"user\", \"content\": \"q\"}], \"responses\": [\"a\", \"b\"]}");

    assertThat(again.json().path("duplicates").asInt()).isEqualTo(2);
    assertThat(again.json().path("comparisons").asInt()).isEqualTo(2);
    assertThat(other.problem()).isEqualTo("409 comparison_conflict comparisons[1].id");
    assertThat(unnamed.json().path("accepted").asInt()).isEqualTo(1);
    assertThat(ids(next())).hasSize(3).contains("one", "three").anyMatch(id -> id.startsWith("c-"));
  }

  @Test
  void moreThanAUserMayHaveAreRefusedAndNoneStored() throws Exception {
    String[] five =
        IntStream.range(0, 5).mapToObj(i -> pair("c" + i, "a" + i, "b")).toArray(String[]::new);
    assertThat(take(five).status()).isEqualTo(200);

    Answer refused = take(pair("c5", "a5", "b"), pair("c6", "a6", "b"));

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().path("code").asString()).isEqualTo("too_many_comparisons");
    assertThat(refused.json().path("detail").asString()).contains("7 comparisons of at most 6");
    assertThat(stored("comparison")).isEqualTo(5);
    assertThat(take(five).status()).as("what is there already is no more").isEqualTo(200);
    label(one("l1", "a0", "b"));
    assertThat(take(pair("c5", "a5", "b"), pair("c6", "a6", "b")).status()).isEqualTo(200);
  }

  @Test
  void anotherModelScoresThemAnewAndOnce() throws Exception {
    take(pair("one", "a", "b"), pair("two", "a", "c"));
    int calls = model.calls();
    next();
    assertThat(model.calls()).as("scored when they were taken").isEqualTo(calls);

    model.serveVersion("ffff1111");

    assertThat(next().path("model_version").asString()).isEqualTo("ffff1111");
    assertThat(model.calls()).isEqualTo(calls + 1);
    next();
    assertThat(model.calls()).isEqualTo(calls + 1);
  }

  @Test
  void aFullModelTakesThemAndAnswersLater() throws Exception {
    model.between((items, result) -> new ScoreResult.Overloaded(Duration.ofSeconds(3)));

    assertThat(take(pair("one", "a", "b")).status()).isEqualTo(200);
    Answer full = get("/users/" + user + "/next-comparisons");
    assertThat(full.problem()).isEqualTo("503 overloaded -");
    assertThat(full.header("Retry-After")).isEqualTo("3");

    model.reset();
    assertThat(ids(next())).containsExactly("one");
  }

  @Test
  void whatHasNoFiniteScoreIsLeftOut() throws Exception {
    model.between((items, result) ->
        items.size() > 1 || items.getFirst().responses().contains("broken")
            ? new ScoreResult.NotFinite(1)
            : result);
    take(pair("good", "a", "b"), pair("bad", "broken", "b"));
    model.reset();

    JsonNode answer = next();
    assertThat(ids(answer)).containsExactly("good");
    assertThat(answer.path("candidates").asInt()).isEqualTo(1);
  }

  @Test
  void theyCanBeTakenBackOneOrAll() throws Exception {
    take(pair("one", "a", "b"), pair("two", "a", "c"), pair("three", "a", "d"));

    assertThat(send("DELETE", "/users/" + user + "/comparisons/one", "").status()).isEqualTo(204);
    assertThat(send("DELETE", "/users/" + user + "/comparisons/one", "").problem())
        .isEqualTo("404 not_found -");
    assertThat(ids(next())).containsExactlyInAnyOrder("two", "three");
    assertThat(send("DELETE", "/users/" + user + "/comparisons", "").status()).isEqualTo(204);
    assertThat(ids(next())).isEmpty();
    assertThat(send("DELETE", "/users/nobody-" + user + "/comparisons", "").status())
        .isEqualTo(204);
  }

  @Test
  void aUserWithComparisonsAloneStandsAtThePrior() throws Exception {
    assertThat(ids(next())).as("of nobody").isEmpty();
    assertThat(stored("comparison")).isZero();

    take(pair("one", "a", "b"));

    assertThat(weights().path("status").asString()).isEqualTo("prior");
    JsonNode export = get("/users/" + user + "/export").json();
    assertThat(export.has("created_at")).isTrue();
    assertThat(export.has("feedback_at")).as("no label ever came").isFalse();
    assertThat(export.at("/comparisons/0/responses")).hasSize(2);
    assertThat(export.at("/comparisons/0/margins/0/margins")).hasSize(3);
  }

  @Test
  void anErasureWhileTheyAreScoredLeavesNothing() throws Exception {
    model.between((items, result) -> {
      try {
        send("DELETE", "/users/" + user, "");
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      return result;
    });

    take(pair("one", "a", "b"));

    assertThat(stored("comparison")).isZero();
    assertThat(
            jdbc.sql(
                    "select count(*) from comparison_margin m where not exists (select from comparison c where c.id = m.comparison)")
                .query(Long.class)
                .single())
        .isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                                  | 422 invalid_request comparisons
          {"comparisons": []}                                                 | 422 invalid_request comparisons
          {"comparisons": [null]}                                             | 422 invalid_request comparisons[0]
          {"comparisons": [{"responses": ["a", "b"]}]}                        | 422 invalid_request comparisons[0].prompt
          {"comparisons": [{"prompt": "p"}]}                                  | 422 invalid_request comparisons[0].responses
          {"comparisons": [{"prompt": "p", "responses": ["a"]}]}              | 422 invalid_request comparisons[0].responses
          {"comparisons": [{"prompt": "p", "responses": ["a", "b", "c"]}]}    | 422 invalid_request comparisons[0].responses
          {"comparisons": [{"prompt": "p", "responses": ["a", null]}]}        | 422 invalid_request comparisons[0].responses[1]
          {"comparisons": [{"prompt": "p", "responses": ["a", "a"]}]}         | 422 invalid_request comparisons[0].responses
          {"comparisons": [{"prompt": "p\\u0000", "responses": ["a", "b"]}]}  | 422 invalid_request comparisons[0].prompt
          {"comparisons": [{"prompt": "p", "responses": ["a", "\\ud800"]}]}   | 422 invalid_request comparisons[0].responses[1]
          {"comparisons": [{"id": "", "prompt": "p", "responses": ["a", "b"]}]} | 422 invalid_request comparisons[0].id
          """)
  void whatIsNoComparisonIsRefusedByItsField(String body, String problem) throws Exception {
    assertThat(send("POST", "/users/" + user + "/comparisons", body).problem()).isEqualTo(problem);
    assertThat(stored("comparison")).isZero();
  }

  @Test
  void longTextsAndLongListsAreRefused() throws Exception {
    String many =
        IntStream.range(0, 501)
            .mapToObj(i -> pair("c" + i, "a" + i, "b"))
            .collect(Collectors.joining(", "));
    assertThat(take(many).problem()).isEqualTo("422 invalid_request comparisons");
    assertThat(take(pair("long", "a".repeat(100_001), "b")).problem())
        .isEqualTo("422 invalid_request comparisons[0].responses[0]");
    assertThat(send("POST", "/users/" + user + "/comparisons", "{").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "501", "x", "1e2"})
  void aLimitThatIsNoneIsRefused(String limit) throws Exception {
    Answer answer = get("/users/" + user + "/next-comparisons?limit=" + limit);
    assertThat(answer.status()).isBetween(400, 422);
    assertThat(answer.problem()).contains("limit");
  }

  @Test
  void aUserIdThatIsNoneIsRefused() throws Exception {
    assertThat(get("/users/a%20b/next-comparisons").problem())
        .isEqualTo("422 invalid_request user");
  }
}
