package dev.palate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** The published contract says what the service does. */
@SharedApplication
class OpenApiTest {

  private final ApiClient api;
  private final JsonNode document;

  OpenApiTest(@LocalServerPort int port) {
    this.api = new ApiClient(port);
    this.document = api.get("/openapi.json").body();
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void everyRouteHasAnIdASummaryATagAndTheProblemThatItMayEndIn() {
    List<String> ids = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (JsonNode operation : path.getValue()) {
        ids.add(operation.path("operationId").asString());
        assertThat(operation.path("summary").asString("")).as(path.getKey()).isNotBlank();
        assertThat(operation.path("tags")).as(path.getKey()).isNotEmpty();
        JsonNode problem =
            operation
                .path("responses")
                .path("default")
                .path("content")
                .path("application/problem+json")
                .path("schema");
        assertThat(problem.path("$ref").asString("")).isEqualTo("#/components/schemas/Problem");
      }
    }
    assertThat(ids)
        .contains(
            "score", "scoreBatch", "feedback", "labels", "expertWeights", "eraseUser", "exportUser")
        .doesNotHaveDuplicates();
  }

  @Test
  void propertiesAreNamedAsTheyAreSent() {
    document
        .path("components")
        .path("schemas")
        .properties()
        .forEach(schema ->
            schema
                .getValue()
                .path("properties")
                .propertyNames()
                .forEach(name -> assertThat(name).as(schema.getKey()).matches("[a-z]+(_[a-z]+)*")));
  }

  @Test
  void answersHoldNoPropertyThatTheirSchemaLacks() {
    api.label("openapi", 0, TersePairs.pairs(0, 2), "Prefer", "wait=20");

    checkAgainst("ScoreAnswer", api.score("openapi", TersePairs.pairs(0, 1).getFirst()));
    checkAgainst("ExpertWeightsView", api.get("/users/openapi/expert-weights").body());
    checkAgainst("HistoryPage", api.get("/users/openapi/expert-weights/history").body());
    checkAgainst("LabelPage", api.get("/users/openapi/feedback").body());
    checkAgainst("UserExport", api.get("/users/openapi/export").body());
    checkAgainst("Model", api.get("/model").body());
    checkAgainst("Experts", api.get("/experts").body());
    checkAgainst("Problem", api.get("/experts/999").body());
  }

  @Test
  void aPromptIsATextOrMessages() {
    JsonNode prompt = document.path("components").path("schemas").path("Prompt");

    assertThat(prompt.path("oneOf").path(0).path("type").asString()).isEqualTo("string");
    assertThat(prompt.path("oneOf").path(1).path("type").asString()).isEqualTo("array");
    JsonNode message = prompt.path("oneOf").path(1).path("items");
    assertThat(message.path("properties").propertyNames()).containsExactly("role", "content");
  }

  @Test
  void feedbackIsAcceptedOrAnsweredWithTheNewWeights() {
    JsonNode responses =
        document.path("paths").path("/users/{id}/feedback").path("post").path("responses");

    assertThat(responses.propertyNames()).contains("200", "202");
  }

  @Test
  void anExportHoldsAllThatItsSchemaDescribes() {
    api.label("exported", 0, TersePairs.pairs(0, 2), "Prefer", "wait=20", "Idempotency-Key", "k");

    JsonNode export = api.get("/users/exported/export").body();

    JsonNode schemas = document.path("components").path("schemas");
    assertThat(export.propertyNames())
        .containsExactlyInAnyOrderElementsOf(names(schemas, "UserExport"));
    List<String> ofTies = List.of("tie", "responses");
    assertThat(export.path("labels").path(0).propertyNames())
        .containsExactlyInAnyOrderElementsOf(
            names(schemas, "ExportedLabel").stream().filter(n -> !ofTies.contains(n)).toList());
    assertThat(names(schemas, "ExportedLabel")).containsAll(ofTies);
    assertThat(export.at("/labels/0/margins/0").propertyNames())
        .containsExactlyInAnyOrderElementsOf(names(schemas, "ExportedMargins"));
    for (String list : List.of("expert_weights", "expert_weights_history")) {
      assertThat(export.path(list).path(0).propertyNames())
          .containsExactlyInAnyOrderElementsOf(names(schemas, "ExportedWeights"));
    }
    assertThat(export.path("idempotency_keys").path(0).propertyNames())
        .containsExactlyInAnyOrderElementsOf(names(schemas, "ExportedIdempotencyKey"));
  }

  @Test
  void textsThatMayHaveBeenDroppedMayBeNull() {
    for (String schema : List.of("StoredLabel", "ExportedLabel")) {
      JsonNode properties =
          document.path("components").path("schemas").path(schema).path("properties");
      for (String text : List.of("prompt", "chosen", "rejected")) {
        assertThat(properties.path(text).path("type").valueStream().map(JsonNode::asString))
            .as(schema + "." + text)
            .containsExactlyInAnyOrder("string", "null");
        assertThat(properties.path(text).path("description").asString())
            .contains("palate.retention.label-texts");
      }
    }
  }

  private static List<String> names(JsonNode schemas, String schema) {
    return List.copyOf(schemas.path(schema).path("properties").propertyNames());
  }

  /** Walks the answer along its schema, through references. */
  private void checkAgainst(String schema, JsonNode answer) {
    check(schema, document.path("components").path("schemas").path(schema), answer);
  }

  private void check(String where, JsonNode schema, JsonNode answer) {
    if (schema.has("$ref")) {
      String name = schema.path("$ref").asString().replaceFirst(".*/", "");
      checkAgainst(name, answer);
    } else if (answer.isObject() && schema.has("properties")) {
      answer
          .properties()
          .forEach(property -> {
            String at = where + "." + property.getKey();
            JsonNode described = schema.path("properties").path(property.getKey());
            assertThat(described.isMissingNode()).as(at + " is not described").isFalse();
            check(at, described, property.getValue());
          });
    } else if (answer.isArray()) {
      answer.forEach(item -> check(where + "[]", schema.path("items"), item));
    } else if (schema.has("enum") && !answer.isNull()) {
      assertThat(schema.path("enum")).as(where).contains(answer);
    }
  }
}
