package dev.palate.core.model;

import java.util.List;

/** A prompt and the responses to be judged for it. */
public record ScoreItem(Prompt prompt, List<String> responses) {
  public ScoreItem {
    responses = List.copyOf(responses);
    if (responses.isEmpty()) {
      throw new IllegalArgumentException("'responses' must not be empty");
    }
  }
}
