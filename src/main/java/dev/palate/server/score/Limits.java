package dev.palate.scoring;

import dev.palate.reward.Prompt;

/** How much one request may ask for. */
final class Limits {

  static final int RESPONSES = 64;
  static final int ITEMS = 256;

  /** Characters (UTF-16 units) of one text. */
  static final int TEXT = Prompt.MAX_CHARACTERS;

  private Limits() {}
}
