package dev.palate.server.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.server.score.ScoreAnswer.Contribution;
import dev.palate.server.score.ScoreAnswer.Judged;
import dev.palate.server.score.ScoreAnswer.Routed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.json.JsonMapper;

/** The hot path's own reading and writing of JSON say what the general ones say. */
class ScoreJsonTest extends WebTest {

  private final JsonMapper mapper;
  private final ScoreAnswerJson json;
  private final ScoreBody bodyReader;
  private final Random random = new Random(7);

  @Autowired
  ScoreJsonTest(JsonMapper mapper, ScoreAnswerJson json, ScoreBody bodyReader) {
    this.mapper = mapper;
    this.json = json;
    this.bodyReader = bodyReader;
  }

  @Test
  void anAnswerIsWrittenAsTheMapperWritesItByteForByte() {
    for (int i = 0; i < 500; i++) {
      ScoreAnswer answer = answer();
      assertThat(new String(json.bytes(answer), StandardCharsets.UTF_8))
          .isEqualTo(mapper.writeValueAsString(answer));
    }
  }

  @Test
  void aNumberThatIsNotFiniteIsNeverWritten() {
    ScoreAnswer answer = answer();
    assertThatThrownBy(() ->
            json.bytes(
                new ScoreAnswer(
                    null,
                    answer.model(),
                    answer.modelVersion(),
                    null,
                    answer.weights(),
                    0,
                    answer.promptTokens(),
                    answer.promptTruncated(),
                    null,
                    answer.responses(),
                    0,
                    Double.NaN)))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'prompt':'p','responses':['a','b']}",
        " {'responses':['\\u0041\\n\\ud83d\\ude00'],'prompt':'','truncate':false,'explain':true}",
        "{'user':'alice','prompt':'p','responses':[''],'explain':false}",
        "{'user':'a b','prompt':'p','responses':['a']}",
      })
  void aPlainRequestIsReadAsTheMapperReadsIt(String body) {
    byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    assertThat(bodyReader.plain(bytes)).isEqualTo(mapper.readValue(bytes, ScoreRequest.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'prompt':[{'role':'user','content':'p'}],'responses':['a']}",
        "{'prompt':'p','responses':['a'],'explain':null}",
        "{'prompt':'p','responses':['a']} x",
        "{'prompt':'p','responses':['a'],'prompt':'q'}",
        "{'prompt':'p','responses':['a'],'colour':1}",
        "{'prompt':'p','responses':[]}",
        "{'prompt':'p','responses':['a',null]}",
        "{'prompt':'p','responses':[['a']]}",
        "{'prompt':'p'}",
        "{'responses':['a']}",
        "['prompt']",
        "",
      })
  void whatIsNotPlainlyGoodIsLeftToTheRules(String body) {
    assertThat(bodyReader.plain(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8))).isNull();
  }

  @Test
  void aChatAndAnotherEncodingAreUnderstoodAsBefore() {
    String chat = "{\"prompt\":[{\"role\":\"user\",\"content\":\"p\"}],\"responses\":[\"a\"]}";
    String text = "{\"prompt\":\"p\",\"responses\":[\"a\"]}";

    assertThat(http.post("/score", chat).json()).isEqualTo(http.post("/score", text).json());
    assertThat(http.post("/score", text, "Content-Type", "application/json;charset=utf-8").json())
        .isEqualTo(http.post("/score", text).json());
  }

  @Test
  void anAnswerHasALength() {
    assertThat(
            http.post("/score", "{\"prompt\":\"p\",\"responses\":[\"a\"]}")
                .header("Content-Length"))
        .isNotEmpty();
  }

  private ScoreAnswer answer() {
    int responses = 1 + random.nextInt(4);
    boolean explain = random.nextBoolean();
    List<Judged> judged = new ArrayList<>();
    for (int i = 0; i < responses; i++) {
      judged.add(
          new Judged(
              i,
              number(),
              random.nextInt(9),
              random.nextInt(600),
              random.nextBoolean(),
              responses > 2 ? number() : null,
              explain
                  ? List.of(
                      new Contribution(0, (float) number(), number()),
                      new Contribution(31, 0f, -0.0))
                  : null));
    }
    return new ScoreAnswer(
        random.nextBoolean() ? "id \"ü\" \n" : null,
        "demo",
        "0123abcd",
        random.nextBoolean() ? "alice" : null,
        ScoreAnswer.Weights.values()[random.nextInt(3)],
        random.nextLong(),
        random.nextInt(600),
        random.nextBoolean(),
        explain ? List.of(new Routed(3, "Ähnlich & \u2028 <kurz>", number(), number())) : null,
        judged,
        0,
        responses == 2 ? number() : null);
  }

  private double number() {
    return random.nextGaussian() * Math.pow(10, random.nextInt(-12, 12));
  }
}
