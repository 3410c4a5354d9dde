package dev.palate.core.model;

import dev.palate.core.bundle.Bundle;
import java.util.ArrayList;
import java.util.List;

/**
 * What the encoder reads at once, before tokenizing, and what for.
 *
 * @param prompt empty for {@link Kind#RESPONSE}
 * @param response empty for {@link Kind#PROMPT}
 */
public record Passage(Kind kind, String prompt, String response) {

  public enum Kind {
    /** A prompt alone, for its routing. */
    PROMPT,
    /** A response alone, for its rewards. */
    RESPONSE,
    /** A response behind its prompt, for its rewards. */
    PROMPT_AND_RESPONSE,
    /**
     * A response alone, for its rewards, and its prompt alone, which is read once for all its
     * responses, for how the two match.
     */
    PAIR_READ_APART
  }

  /** All that must be read to score the items: of each its prompt, then its responses. */
  public static List<Passage> of(List<ScoreItem> items, Bundle bundle) {
    boolean ofPair = bundle.pair() != null;
    List<Passage> passages = new ArrayList<>(3 * items.size());
    for (ScoreItem item : items) {
      String prompt = item.prompt().text();
      passages.add(new Passage(Kind.PROMPT, prompt, ""));
      for (String response : item.responses()) {
        passages.add(
            switch (bundle.encoder().responseInput()) {
              case RESPONSE ->
                  ofPair
                      ? new Passage(Kind.PAIR_READ_APART, prompt, response)
                      : new Passage(Kind.RESPONSE, "", response);
              case PROMPT_AND_RESPONSE -> new Passage(Kind.PROMPT_AND_RESPONSE, prompt, response);
            });
      }
    }
    return passages;
  }
}
