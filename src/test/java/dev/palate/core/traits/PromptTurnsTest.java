package dev.palate.core.traits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromptTurnsTest {

  private static void turns(String prompt, String last, String before) {
    assertThat(PromptTurns.of(prompt)).isEqualTo(new PromptTurns(last, before));
  }

  @Test
  void aLoneMessageIsOneTurn() {
    turns("How do tides work?", "How do tides work?", "");
    turns("", "", "");
    turns("Say:\n\nuser: hello", "Say:\n\nuser: hello", "");
    turns("users: many", "users: many", "");
  }

  @Test
  void theLastUserTurnIsTakenOutOfAChat() {
    turns(
        "system: Be brief.\n\nuser: A poem.\n\nassistant: On what?\n\nuser: On oil.\n\nNo rhyme.",
        "On oil.\n\nNo rhyme.",
        "system: Be brief.\n\nuser: A poem.\n\nassistant: On what?");
  }

  @Test
  void whatFollowsItStaysBehindWhatIsBefore() {
    turns(
        "user: One.\n\nassistant: Two.\n\nuser: Three.\n\nassistant: Fo",
        "Three.",
        "user: One.\n\nassistant: Two.\n\nassistant: Fo");
    turns("user: One.\n\nassistant: Tw", "One.", "assistant: Tw");
  }

  @Test
  void aChatWithoutAUserTurnIsOneTurn() {
    turns("system: Go on.\n\nassistant: Yes", "system: Go on.\n\nassistant: Yes", "");
  }
}
