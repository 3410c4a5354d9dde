package dev.palate.lab.data;

import dev.palate.core.model.Prompt;
import org.jspecify.annotations.Nullable;

/** The texts of a pair, wherever they are kept. */
sealed interface PairTexts {

  String id();

  Prompt prompt();

  String chosen();

  String rejected();

  @Nullable String choice();

  /** On the heap. */
  record Held(String id, Prompt prompt, String chosen, String rejected, @Nullable String choice)
      implements PairTexts {

    public Held {
      if (chosen.isBlank() || rejected.isBlank()) {
        throw new IllegalArgumentException("'chosen' and 'rejected' must not be blank");
      }
      if (chosen.equals(rejected)) {
        throw new IllegalArgumentException("'chosen' and 'rejected' are the same text");
      }
    }

    /** Prompts, responses and choices are often shared by many pairs, ids never. */
    Stored storedIn(TextStore store) {
      return new Stored(
          store,
          store.add(id),
          store.addOnce(prompt.text()),
          store.addOnce(chosen),
          store.addOnce(rejected),
          choice == null ? TextStore.NONE : store.addOnce(choice));
    }
  }

  /** By their positions; each call reads the store. */
  record Stored(
      TextStore store,
      long idPosition,
      long promptPosition,
      long chosenPosition,
      long rejectedPosition,
      long choicePosition)
      implements PairTexts {

    @Override
    public String id() {
      return store.text(idPosition);
    }

    @Override
    public Prompt prompt() {
      return new Prompt(store.text(promptPosition));
    }

    @Override
    public String chosen() {
      return store.text(chosenPosition);
    }

    @Override
    public String rejected() {
      return store.text(rejectedPosition);
    }

    @Override
    public @Nullable String choice() {
      return choicePosition == TextStore.NONE ? null : store.text(choicePosition);
    }
  }
}
