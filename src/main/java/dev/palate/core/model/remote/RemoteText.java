package dev.palate.core.model.remote;

import dev.palate.core.encoder.SequenceTokenizer;
import dev.palate.core.model.Passage;

/**
 * What a remote encoder reads at once. Its tokens are not known here, so that its length is counted
 * in characters, four to a token.
 *
 * @param prompt empty for a lone text
 */
record RemoteText(String prompt, String response) {
  static final int CHARACTERS_OF_A_TOKEN = 4;
  private static final String BETWEEN = "\n\n";

  static RemoteText of(Passage passage) {
    return switch (passage.kind()) {
      case PROMPT -> lone(passage.prompt());
      case RESPONSE, PAIR_READ_APART -> lone(passage.response());
      case PROMPT_AND_RESPONSE -> new RemoteText(passage.prompt(), passage.response());
    };
  }

  static RemoteText lone(String text) {
    return new RemoteText("", text);
  }

  private String between() {
    return prompt.isEmpty() ? "" : BETWEEN;
  }

  int length() {
    return prompt.length() + between().length() + response.length();
  }

  /** About how many tokens it has. */
  int tokens() {
    return Math.max(1, (length() + CHARACTERS_OF_A_TOKEN - 1) / CHARACTERS_OF_A_TOKEN);
  }

  /**
   * The text as it is sent: cut by the rule of {@link SequenceTokenizer}, and never empty, which
   * servers refuse.
   *
   * @param characters at most so many, at least 8
   */
  String cut(int characters) {
    int room = characters - between().length();
    int promptRoom = Math.max(room - response.length(), room / 4);
    String first = headAndTail(prompt, promptRoom);
    String second = headAndTail(response, room - first.length());
    String whole = SequenceTokenizer.wellFormed(first + between() + second);
    return whole.isEmpty() ? " " : whole;
  }

  private static String headAndTail(String text, int room) {
    if (text.length() <= room) {
      return text;
    }
    int head = (room + 1) / 2;
    int tail = text.length() - (room - head);
    if (Character.isHighSurrogate(text.charAt(head - 1))) {
      head--;
    }
    if (tail < text.length() && Character.isLowSurrogate(text.charAt(tail))) {
      tail++;
    }
    return text.substring(0, head) + text.substring(tail);
  }
}
