package dev.palate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The fuzz's judge sees what is wrong. */
class AnswerCheckTest {

  private static final JsonNode DOCUMENT =
      JsonMapper.shared()
          .readTree(
              """
              {"components": {"schemas": {
                "Problem": {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}}},
                "Cat": {"type": "object", "required": ["name"], "properties": {
                  "name": {"type": "string"}, "mood": {"type": ["string", "null"], "enum": ["good", null]}}}}}}
              """);

  private static final JsonNode OPERATION =
      JsonMapper.shared()
          .readTree(
              """
              {"responses": {"204": {}, "200": {"content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Cat"}}}}}}
              """);

  private static List<String> check(int status, String type, String body) {
    return new AnswerCheck(DOCUMENT).check(OPERATION, status, type, body);
  }

  @Test
  void aGoodAnswerIsGood() {
    assertThat(check(200, "application/json", "{\"name\": \"Tom\", \"mood\": null}")).isEmpty();
    assertThat(check(204, "", "")).isEmpty();
    assertThat(check(404, "application/problem+json", "{\"code\": \"not_found\"}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"name\": 7}",
        "{\"name\": null}",
        "{\"name\": \"Tom\", \"mood\": \"GOOD\"}",
        "{\"name\": \"Tom\", \"age\": 7}",
        "[]"
      })
  void aBodyThatIsNotAsDescribedIsBad(String body) {
    assertThat(check(200, "application/json", body)).isNotEmpty();
  }

  @Test
  void soIsAStatusATypeOrABodyThatIsNotDescribed() {
    assertThat(check(201, "application/json", "{\"name\": \"Tom\"}")).isNotEmpty();
    assertThat(check(200, "text/html", "{\"name\": \"Tom\"}")).isNotEmpty();
    assertThat(check(204, "application/json", "{}")).isNotEmpty();
    assertThat(check(404, "application/json", "{\"code\": \"not_found\"}")).isNotEmpty();
    assertThat(check(404, "application/problem+json", "{\"trace\": \"x\"}")).isNotEmpty();
  }
}
