package dev.palate.server.score;

import java.util.List;

/** What a request calls the texts that it asks about, so that a problem can name one. */
interface TextNames {

  String prompt(int ask);

  String response(int ask, int response);

  /** All of one ask's. */
  String responses(int ask);

  /**
   * Names of the form of {@link ScoreRequest}.
   *
   * @param prefixes where each ask stands in the request: {@code items[3].}, or empty
   */
  static TextNames below(List<String> prefixes) {
    return new TextNames() {
      @Override
      public String prompt(int ask) {
        return prefixes.get(ask) + "prompt";
      }

      @Override
      public String response(int ask, int response) {
        return prefixes.get(ask) + "responses[" + response + "]";
      }

      @Override
      public String responses(int ask) {
        return prefixes.get(ask) + "responses";
      }
    };
  }
}
