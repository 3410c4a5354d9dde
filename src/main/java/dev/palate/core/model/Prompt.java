package dev.palate.core.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A prompt in its one canonical text form, whichever way it was given.
 *
 * @param text what the router reads: a lone user message is its own content, a longer chat is its
 *     messages as {@code role: content}, parted by blank lines
 */
public record Prompt(String text) {

  /** Longest text a request may hold, in UTF-16 units. */
  public static final int MAX_CHARACTERS = 100_000;

  /** Longest role of a chat message, in UTF-16 units. */
  public static final int MAX_ROLE_CHARACTERS = 64;

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
}
