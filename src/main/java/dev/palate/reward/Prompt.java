package dev.palate.reward;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.palate.platform.ErrorCode;
import dev.palate.platform.ProblemException;
import dev.palate.platform.ProblemException.FieldProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A prompt in its one canonical text form, whichever way it was given.
 *
 * @param text what the router reads: a lone user message is its own content, a longer chat is its
 *     messages as {@code role: content}, parted by blank lines
 */
public record Prompt(String text) {

  /** Longest text a request may hold, in UTF-16 units. */
  public static final int MAX_CHARACTERS = 100_000;

  private static final int MAX_ROLE_CHARACTERS = 64;

  /** Renders chat messages; plain text is the same as one {@code user} message. */
  public static Prompt of(List<Message> messages) {
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("'messages' must not be empty");
    }
    if (messages.size() == 1 && messages.getFirst().role().equals("user")) {
      return new Prompt(messages.getFirst().content());
    }
    return new Prompt(
        messages.stream()
            .map(m -> m.role() + ": " + m.content())
            .collect(Collectors.joining("\n\n")));
  }

  /**
   * Reads a request's prompt: a string, or a non-empty array of {@code {"role", "content"}}.
   *
   * @throws ProblemException naming the field inside the prompt
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Prompt fromJson(JsonNode json) {
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
    return of(messages);
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
    if (role.isEmpty() || role.length() > MAX_ROLE_CHARACTERS) {
      throw refused(field + ".role", "must have 1 to %d characters".formatted(MAX_ROLE_CHARACTERS));
    }
    return new Message(role, text(json.path("content"), field + ".content"));
  }

  private static String text(JsonNode json, String field) {
    if (!json.isString()) {
      throw refused(field, json.isMissingNode() ? "is missing" : "must be a string");
    }
    if (json.stringValue().length() > MAX_CHARACTERS) {
      throw refused(field, "must have at most %d characters".formatted(MAX_CHARACTERS));
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
