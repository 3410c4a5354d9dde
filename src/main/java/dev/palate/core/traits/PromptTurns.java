package dev.palate.core.traits;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A prompt's last user turn and the turns around it, found in its one text form ({@code Prompt}):
 * messages as {@code role: content}, parted by blank lines. A text that does not begin with a known
 * role, or has no user turn, is one turn as a whole.
 *
 * @param last what the user said last, without the role
 * @param before the other turns in their order, as they stand; empty where there are none
 */
public record PromptTurns(String last, String before) {
  private static final String ROLE = "(user|assistant|system|developer|tool|function): ";
  private static final Pattern FIRST = Pattern.compile(ROLE);
  private static final Pattern NEXT = Pattern.compile("\n\n" + ROLE);

  public static PromptTurns of(String prompt) {
    if (!FIRST.matcher(prompt).lookingAt()) {
      return new PromptTurns(prompt, "");
    }
    int from = prompt.startsWith("user: ") ? 0 : -1;
    int content = "user: ".length();
    int to = prompt.length();
    Matcher next = NEXT.matcher(prompt);
    boolean open = from == 0;
    while (next.find()) {
      if (open) {
        to = next.start();
        open = false;
      }
      if (next.group(1).equals("user")) {
        from = next.start();
        content = next.end();
        to = prompt.length();
        open = true;
      }
    }
    if (from < 0) {
      return new PromptTurns(prompt, "");
    }
    String around = (prompt.substring(0, from) + prompt.substring(to)).strip();
    return new PromptTurns(prompt.substring(content, to), around);
  }
}
