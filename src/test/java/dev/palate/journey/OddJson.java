package dev.palate.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes a good body a bad one: at one place of its tree, or as text. */
final class OddJson {

  static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "The moon pulls the sea.",
          "Tides follow the moon; twice a day the sea comes and goes.",
          "What a wonderful question!",
          "- one\n- two\n- three",
          "\uD83C\uDF0A\uD83D\uDC69\u200D\uD83D\uDE80",
          "\u202Eright to left\u202C \u0627\u0644\u0645\u062F",
          "lone \uD800 surrogate",
          "nul \0 and bell \u0007",
          "'; drop table label; --",
          "<script>alert(1)</script> ${jndi:ldap://x} %s %n {{7*7}}",
          "a".repeat(3_000));

  private static final List<String> NUMBERS =
      List.of("0", "-1", "1e400", "-0.0", "1e-400", "9223372036854775808", "0.5", "3.7", "NaN");

  private final Random random;

  OddJson(Random random) {
    this.random = random;
  }

  static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** The body with one value replaced, removed, added or repeated. */
  JsonNode mutate(JsonNode body) {
    JsonNode copy = body.deepCopy();
    List<JsonNode> inner = new ArrayList<>();
    collect(copy, inner);
    if (inner.isEmpty()) {
      return odd(0);
    }
    switch (pick(random, inner)) {
      case ObjectNode object -> mutate(object);
      case ArrayNode array -> mutate(array);
      default -> throw new IllegalStateException("only containers are collected");
    }
    return copy;
  }

  private static void collect(JsonNode node, List<JsonNode> inner) {
    if (node.isContainer()) {
      inner.add(node);
      node.forEach(child -> collect(child, inner));
    }
  }

  private void mutate(ObjectNode object) {
    List<String> names = List.copyOf(object.propertyNames());
    if (names.isEmpty() || random.nextInt(4) == 0) {
      object.set(pick(random, List.of("x", "", "__proto__", "class", "id ", "PROMPT")), odd(0));
    } else if (random.nextInt(3) == 0) {
      object.remove(pick(random, names));
    } else {
      object.set(pick(random, names), odd(0));
    }
  }

  private void mutate(ArrayNode array) {
    if (array.isEmpty() || random.nextInt(3) == 0) {
      array.add(odd(0));
    } else if (random.nextBoolean()) {
      array.set(random.nextInt(array.size()), odd(0));
    } else {
      // one over each of the API's limits
      int size = pick(random, List.of(65, 257, 501));
      while (array.size() < size) {
        array.add(array.get(0));
      }
    }
  }

  private JsonNode odd(int depth) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (random.nextInt(depth > 40 ? 5 : 8)) {
      case 0 -> nodes.nullNode();
      case 1 -> nodes.booleanNode(random.nextBoolean());
      case 2 -> nodes.numberNode(random.nextInt(100) - 50);
      case 3 -> nodes.numberNode(random.nextGaussian() * Math.pow(10, random.nextInt(40)));
      case 4 -> nodes.stringNode(pick(random, TEXTS));
      case 5 -> nodes.arrayNode();
      case 6 -> nodes.objectNode();
      default -> nodes.arrayNode().add(odd(depth + 8));
    };
  }

  /** Text that is hardly JSON any more. */
  String garble(JsonNode body) {
    String text = JsonMapper.shared().writeValueAsString(body);
    return switch (random.nextInt(9)) {
      case 0 -> "";
      case 1 -> text.substring(0, random.nextInt(text.length()));
      case 2 -> text + pick(random, List.of("x", "{}", ",", "\0"));
      case 3 -> "\uFEFF" + text;
      case 4 -> text.replaceFirst("\\{", "{\"x\": 1, \"x\": 1, ");
      case 5 -> text.replaceFirst("\"[^\"]*\"(?=[,}\\]])", pick(random, NUMBERS));
      case 6 -> "[".repeat(10_000);
      case 7 -> pick(random, List.of("null", "true", "7", "\"text\"", "[]", "{}", "{]"));
      default -> {
        StringBuilder noise = new StringBuilder(text);
        noise.setCharAt(random.nextInt(text.length()), (char) random.nextInt(0x250));
        yield noise.toString();
      }
    };
  }
}
