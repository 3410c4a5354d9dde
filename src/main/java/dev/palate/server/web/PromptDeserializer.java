package dev.palate.server.web;

import dev.palate.core.model.Message;
import dev.palate.core.model.Prompt;
import dev.palate.server.web.ProblemException.FieldProblem;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.jackson.JacksonComponent;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;

/**
 * Reads a request's prompt: a string, or a non-empty array of {@code {"role", "content"}}. What is
 * wrong is refused by a {@link ProblemException} that names the field inside the prompt.
 */
@JacksonComponent
final class PromptDeserializer extends ValueDeserializer<Prompt> {

  @Override
  public Prompt deserialize(JsonParser parser, DeserializationContext context) {
    try {
      return prompt(context.readTree(parser));
    } catch (ProblemException e) {
      // so that the path to the prompt is added on the way up
      throw context.instantiationException(Prompt.class, e);
    }
  }

  private static Prompt prompt(JsonNode json) {
    if (json.isString()) {
      return new Prompt(text(json, ""));
    }
    if (!json.isArray()) {
      throw refused("", "must be a string or an array of messages");
    }
    if (json.isEmpty()) {
      throw refused("", "must hold at least one message");
    }
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : json) {
      messages.add(message(message, "[" + messages.size() + "]"));
    }
    return Prompt.of(messages);
  }

  private static Message message(JsonNode json, String field) {
    if (!json.isObject()) {
      throw refused(field, "must be an object with 'role' and 'content'");
    }
    for (String name : json.propertyNames()) {
      if (!name.equals("role") && !name.equals("content")) {
        throw refused(field, "has a property other than 'role' and 'content'");
      }
    }
    String role = text(json.path("role"), field + ".role");
    if (role.isEmpty() || role.length() > Prompt.MAX_ROLE_CHARACTERS) {
      throw refused(
          field + ".role", "must have 1 to %d characters".formatted(Prompt.MAX_ROLE_CHARACTERS));
    }
    return new Message(role, text(json.path("content"), field + ".content"));
  }

  private static String text(JsonNode json, String field) {
    if (!json.isString()) {
      throw refused(field, json.isMissingNode() ? "is missing" : "must be a string");
    }
    if (json.stringValue().length() > Prompt.MAX_CHARACTERS) {
      throw refused(field, "must have at most %d characters".formatted(Prompt.MAX_CHARACTERS));
    }
    return json.stringValue();
  }

  private static ProblemException refused(String field, String message) {
    return new ProblemException(
        ErrorCode.INVALID_REQUEST,
        "The prompt is not valid",
        List.of(new FieldProblem(field, message)));
  }
}
