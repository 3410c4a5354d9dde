package dev.palate.journey;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests made from the OpenAPI document: half of them as it describes them, the others bad at one
 * place. The same seed gives the same requests.
 */
final class RequestGenerator {

  private static final List<String> USERS = List.of("ann", "ben", "c@d.example", "t:dee", "e_");
  private static final List<String> ODD_SEGMENTS =
      List.of(
          "..",
          ".",
          "a b",
          "%",
          "a/b",
          "a\\b",
          "a;b=c",
          "\u00E9",
          "\0",
          "\r\n",
          "-1",
          "1e3",
          "007",
          "99999999999999999999",
          "u".repeat(129),
          "${x}",
          "'",
          "<b>",
          "\uD83C\uDF0A");
  private static final List<String> PREFERENCES =
      List.of(
          "wait=1",
          "wait=1",
          "wait=0",
          "wait=-1",
          "wait=x",
          "wait=99999999999999999999",
          "respond-async, wait=1",
          "handling=strict",
          ";;;");

  /**
   * @param operation as described; a missing node where the method has none at this path
   * @param good whether it is as described
   */
  record Request(
      String name,
      JsonNode operation,
      String method,
      String path,
      Map<String, String> headers,
      byte[] body,
      boolean good) {}

  private record Route(String path, String method, JsonNode operation) {}

  private final JsonNode document;
  private final List<Route> routes = new ArrayList<>();
  private final Random random;
  private final OddJson oddities;
  private final Map<String, String> posts = new LinkedHashMap<>();

  RequestGenerator(JsonNode document, long seed) {
    this.document = document;
    this.random = new Random(seed);
    this.oddities = new OddJson(random);
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(operation ->
                    routes.add(
                        new Route(
                            path.getKey(),
                            operation.getKey().toUpperCase(Locale.ROOT),
                            operation.getValue()))));
  }

  List<String> operations() {
    return routes.stream().map(r -> r.operation().path("operationId").asString()).toList();
  }

  Request next() {
    Route route = OddJson.pick(random, routes);
    boolean good = random.nextBoolean();
    // One thing at a time is wrong: the parameters, the body, or what it is sent as
    int wrong = good ? -1 : random.nextInt(8);
    StringBuilder query = new StringBuilder();
    Map<String, String> headers = new LinkedHashMap<>();
    String path = route.path();
    for (JsonNode parameter : route.operation().path("parameters")) {
      String name = parameter.path("name").asString();
      String value = parameter(parameter, wrong <= 1 && !good);
      switch (parameter.path("in").asString()) {
        case "path" -> path = path.replace("{" + name + "}", encode(value));
        case "query" -> {
          if (random.nextBoolean()) {
            query
                .append(query.isEmpty() ? "?" : "&")
                .append(name)
                .append("=")
                .append(encode(value));
          }
        }
        default -> {
          if (random.nextInt(4) == 0) {
            headers.put(name, value);
          }
        }
      }
    }
    byte[] body = new byte[0];
    JsonNode schema =
        route.operation().path("requestBody").path("content").path("application/json");
    if (!schema.isMissingNode()) {
      JsonNode value = value(schema.path("schema"), 0);
      headers.put("Content-Type", "application/json");
      body =
          switch (wrong) {
            case 2, 3, 4 -> bytes(JsonMapper.shared().writeValueAsString(oddities.mutate(value)));
            case 5 -> bytes(oddities.garble(value));
            case 6 -> noise();
            default -> bytes(JsonMapper.shared().writeValueAsString(value));
          };
      if (wrong == 7) {
        headers.put(
            "Content-Type",
            OddJson.pick(
                random,
                List.of("text/plain", "application/xml", "x", "application/json;charset=x")));
      }
    }
    if (good) {
      path = ofWhatIsThere(route, path, body);
    }
    String method = route.method();
    JsonNode operation = route.operation();
    if (wrong == 7 && random.nextInt(3) == 0) {
      method = OddJson.pick(random, List.of("PUT", "PATCH", "TRACE", "BREW"));
      operation = JsonNodeFactory.instance.missingNode();
    }
    return new Request(
        route.operation().path("operationId").asString(),
        operation,
        method,
        path + query,
        headers,
        body,
        good);
  }

  /**
   * A good request to delete something names in most cases what was posted last: random ids hardly
   * ever meet.
   */
  private String ofWhatIsThere(Route route, String path, byte[] body) {
    if (route.method().equals("POST") && body.length > 0) {
      JsonNode posted = JsonMapper.shared().readTree(body);
      for (String list : List.of("comparisons", "labels")) {
        JsonNode id = posted.path(list).path(0).path("id");
        if (id.isString()) {
          posts.put(route.path(), path + "/" + encode(id.stringValue()));
        }
      }
    }
    String there = posts.get(route.path().replaceFirst("/[^/]*$", ""));
    return route.method().equals("DELETE") && there != null && random.nextInt(4) > 0 ? there : path;
  }

  private String parameter(JsonNode parameter, boolean odd) {
    if (parameter.path("name").asString().equals("Prefer")) {
      return OddJson.pick(random, odd ? PREFERENCES : PREFERENCES.subList(0, 2));
    }
    if (odd && !parameter.path("in").asString().equals("header")) {
      return OddJson.pick(random, ODD_SEGMENTS);
    }
    return value(parameter.path("schema"), 0).asString();
  }

  /** A value as the schema describes it. */
  private JsonNode value(JsonNode given, int depth) {
    JsonNode schema = given;
    while (schema.has("$ref")) {
      schema = document.at(schema.path("$ref").asString().substring(1));
    }
    if (schema.has("oneOf")) {
      JsonNode options = schema.path("oneOf");
      return value(options.path(random.nextInt(options.size())), depth);
    }
    if (schema.has("enum")) {
      return schema.path("enum").path(random.nextInt(schema.path("enum").size()));
    }
    return switch (schema.path("type").asString("string")) {
      case "object" ->
          schema.path("properties").has("tie") ? label(schema, depth) : object(schema, depth);
      case "array" -> array(schema, depth);
      case "boolean" -> JsonNodeFactory.instance.booleanNode(random.nextBoolean());
      case "integer" ->
          JsonNodeFactory.instance.numberNode(
              schema.path("minimum").asInt(0)
                  + random.nextInt(Math.min(40, schema.path("maximum").asInt(40))));
      case "number" -> JsonNodeFactory.instance.numberNode(1 - random.nextDouble());
      default -> JsonNodeFactory.instance.stringNode(string(schema));
    };
  }

  private ObjectNode object(JsonNode schema, int depth) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    List<String> required = schema.path("required").valueStream().map(JsonNode::asString).toList();
    schema
        .path("properties")
        .properties()
        .forEach(property -> {
          if (required.contains(property.getKey()) || random.nextInt(3) == 0) {
            object.set(property.getKey(), value(property.getValue(), depth + 1));
          }
        });
    return object;
  }

  /** Most labels are a preference or a tie, the others a mixture that is refused. */
  private ObjectNode label(JsonNode schema, int depth) {
    ObjectNode label = object(schema, depth);
    int kind = random.nextInt(5);
    if (kind == 0) {
      return label;
    }
    List<String> preference = List.of("chosen", "rejected");
    List<String> tie = List.of("tie", "responses");
    preference.forEach(label::remove);
    tie.forEach(label::remove);
    for (String name : kind == 1 ? tie : preference) {
      label.set(name, value(schema.path("properties").path(name), depth + 1));
    }
    if (kind == 1) {
      label.put("tie", true);
    }
    return label;
  }

  private ArrayNode array(JsonNode schema, int depth) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    int least = Math.max(1, schema.path("minItems").asInt(0));
    int size = Math.min(least + random.nextInt(3), schema.path("maxItems").asInt(least + 2));
    for (int i = 0; i < size; i++) {
      array.add(value(schema.path("items"), depth + 1));
    }
    return array;
  }

  private String string(JsonNode schema) {
    String pattern = schema.path("pattern").asString("");
    if (pattern.contains("[._@:-]$")) {
      return "t:";
    }
    if (pattern.startsWith("^[A-Za-z0-9][")) {
      return OddJson.pick(random, List.of("demo", "nowhere"));
    }
    if (pattern.startsWith("^[A-Za-z0-9")) {
      return OddJson.pick(random, USERS);
    }
    if (schema.path("format").asString("").equals("date-time")) {
      return Instant.ofEpochSecond(4_000_000_000L + random.nextInt(1_000_000)).toString();
    }
    if (schema.path("maxLength").asInt(0) > 1_000) {
      return OddJson.pick(random, OddJson.TEXTS);
    }
    return "id-" + random.nextInt(8);
  }

  private byte[] noise() {
    byte[] noise = new byte[random.nextInt(200)];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
