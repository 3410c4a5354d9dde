package dev.palate.lab.data;

import dev.palate.core.model.Message;
import dev.palate.core.model.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One JSON object to one pair. Understood are the plain form ({@code prompt} or {@code messages},
 * {@code chosen}, {@code rejected}) and TRL's, where {@code prompt}, {@code chosen} and {@code
 * rejected} may be lists of messages and a prompt left out is what chosen and rejected share.
 */
final class PairParser {

  private final JsonMapper json =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /**
   * @throws IllegalArgumentException if the line is no pair; its message says why
   */
  PreferencePair parse(String dataset, JsonNode node, long number) {
    List<Message> chosen = new ArrayList<>(responseOf(node, "chosen"));
    List<Message> rejected = new ArrayList<>(responseOf(node, "rejected"));
    Prompt prompt = promptOf(node, chosen, rejected);
    JsonNode strength = node.path("strength");
    if (!strength.isMissingNode() && !strength.isNull() && !strength.isNumber()) {
      throw new IllegalArgumentException("'strength' must be a number");
    }
    String id = optional(node, "id");
    String context = optional(node, "context");
    return new PreferencePair(
        dataset,
        id == null ? dataset + ":" + number : id,
        optional(node, "user"),
        context == null ? "" : context,
        prompt,
        rendered(chosen),
        rendered(rejected),
        strength.isNumber() ? strength.asDouble() : 1,
        optional(node, "split"),
        optional(node, "pair"));
  }

  /**
   * @throws IllegalArgumentException if the line is no JSON object
   */
  JsonNode tree(String line) {
    try {
      JsonNode node = json.readTree(line);
      if (!node.isObject()) {
        throw new IllegalArgumentException("not a JSON object");
      }
      return node;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Prompt promptOf(JsonNode node, List<Message> chosen, List<Message> rejected) {
    for (String field : List.of("messages", "prompt")) {
      JsonNode value = node.path(field);
      if (value.isArray()) {
        return Prompt.of(messages(value, field));
      }
      if (value.isString()) {
        return new Prompt(value.asString());
      }
      if (!value.isMissingNode() && !value.isNull()) {
        throw new IllegalArgumentException("'" + field + "' must be a text or a list of messages");
      }
    }
    int shared = 0;
    while (shared < chosen.size() - 1
        && shared < rejected.size() - 1
        && chosen.get(shared).equals(rejected.get(shared))) {
      shared++;
    }
    if (shared == 0) {
      throw new IllegalArgumentException("no 'prompt', no 'messages', and nothing shared");
    }
    Prompt prompt = Prompt.of(chosen.subList(0, shared));
    chosen.subList(0, shared).clear();
    rejected.subList(0, shared).clear();
    return prompt;
  }

  private static List<Message> responseOf(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (value.isString()) {
      return List.of(new Message("assistant", value.asString()));
    }
    if (value.isArray() && !value.isEmpty()) {
      return messages(value, field);
    }
    throw new IllegalArgumentException("'" + field + "' must be a text or a list of messages");
  }

  private static List<Message> messages(JsonNode list, String field) {
    List<Message> messages = new ArrayList<>();
    for (JsonNode item : list) {
      JsonNode role = item.path("role");
      JsonNode content = item.path("content");
      if (!role.isString() || !content.isString()) {
        throw new IllegalArgumentException("'" + field + "' holds no {role, content} of texts");
      }
      messages.add(new Message(role.asString(), content.asString()));
    }
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("'" + field + "' must not be empty");
    }
    return messages;
  }

  /** A lone answer is its own text; more turns read as a prompt's would. */
  private static String rendered(List<Message> response) {
    return response.size() == 1
        ? response.getFirst().content()
        : response.stream()
            .map(m -> m.role() + ": " + m.content())
            .collect(Collectors.joining("\n\n"));
  }

  private static @Nullable String optional(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isString() && !value.isNumber()) {
      throw new IllegalArgumentException("'" + field + "' must be a text");
    }
    return value.asString();
  }
}
