package dev.palate.journey;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds an answer against what the OpenAPI document says of its status: the media type, and the
 * body's schema, in which an answer may hold no property that is not described.
 */
final class AnswerCheck {

  private static final String PROBLEM = "application/problem+json";

  private final ObjectNode components;
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

  AnswerCheck(JsonNode document) {
    this.components = (ObjectNode) document.path("components").deepCopy();
    components
        .path("schemas")
        .forEach(schema -> {
          if (schema.has("properties")) {
            ((ObjectNode) schema).put("additionalProperties", false);
          }
        });
  }

  /**
   * What is wrong with it; empty: nothing.
   *
   * @param operation as the document describes it; a missing node: no route of its own
   */
  List<String> check(JsonNode operation, int status, String contentType, String body) {
    JsonNode answers = operation.path("responses");
    JsonNode described = answers.path(Integer.toString(status));
    boolean problem = described.isMissingNode();
    if (problem && status < 400) {
      return List.of("status " + status + " is not described");
    }
    JsonNode content = described.path("content");
    if (!problem && content.isEmpty()) {
      return body.isEmpty() ? List.of() : List.of("a body where none is described");
    }
    String type = problem ? PROBLEM : content.propertyNames().iterator().next();
    if (!contentType.startsWith(type)) {
      return List.of("content type '" + contentType + "', not " + type);
    }
    String schema =
        problem
            ? "{\"$ref\": \"#/components/schemas/Problem\"}"
            : content.path(type).path("schema").toString();
    return schema(schema).validate(JsonMapper.shared().readTree(body)).stream()
        .map(Error::toString)
        .toList();
  }

  private Schema schema(String json) {
    return schemas.computeIfAbsent(
        json,
        text -> {
          ObjectNode schema = (ObjectNode) JsonMapper.shared().readTree(text);
          schema.set("components", components);
          return registry.getSchema(schema);
        });
  }
}
