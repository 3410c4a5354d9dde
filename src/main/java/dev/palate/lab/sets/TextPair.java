package dev.palate.lab.sets;

import dev.palate.core.model.Message;
import java.util.List;

/**
 * A prompt with two responses.
 *
 * @param id unique over both sets
 * @param group the kind of an everyday pair, the trait of a taste pair
 * @param messages the prompt; a plain text is one message of the user
 * @param first the better response, or the one with more of the trait
 * @param second the worse response, or the one with less of the trait
 */
record TextPair(
    String id, String group, Half half, List<Message> messages, String first, String second) {

  TextPair {
    messages = List.copyOf(messages);
  }

  /** Above 0: the first response has more characters. */
  int lengthDifference() {
    return first.codePointCount(0, first.length()) - second.codePointCount(0, second.length());
  }
}
