package dev.palate.server.score;

import dev.palate.core.model.Prompt;

/** How much one request may ask for. */
public final class Limits {

  public static final int RESPONSES = 64;
  public static final int ITEMS = 256;

  /** Characters (UTF-16 units) of one text. */
  public static final int TEXT = Prompt.MAX_CHARACTERS;

  private Limits() {}
}
