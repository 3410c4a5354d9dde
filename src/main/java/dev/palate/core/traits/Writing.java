package dev.palate.core.traits;

import java.lang.Character.UnicodeScript;
import java.util.EnumMap;
import java.util.Map;

/**
 * In which scripts a text is written, and how English it is.
 *
 * @param scripts share of each script in the letters; they sum to 1, or there are none
 * @param english share of English function words in the words, near a fifth for few words
 */
record Writing(Map<UnicodeScript, Double> scripts, double english) {

  /** Share of function words that is thought usual before any word is read. */
  private static final double USUAL = .2;

  private static final double FEW = 2;
  private static final int MOST = 20_000;

  static Writing of(String text, WordSequence words) {
    Map<UnicodeScript, Double> scripts = new EnumMap<>(UnicodeScript.class);
    int letters = 0;
    for (int i = 0; i < Math.min(text.length(), MOST); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (Character.isLetter(c)) {
        scripts.merge(UnicodeScript.of(c), 1.0, Double::sum);
        letters++;
      }
    }
    double count = letters;
    scripts.replaceAll((script, number) -> number / count);
    int read = 0;
    int english = 0;
    for (String word : words.words()) {
      if (!WordSequence.isMark(word) && !Character.isDigit(word.charAt(0))) {
        read++;
        english += Fluency.isFunctionWord(word) ? 1 : 0;
      }
    }
    return new Writing(scripts, (english + USUAL * FEW) / (read + FEW));
  }

  /** How much of the writing is in the same scripts, 0 to 1; 1 where one of the texts has none. */
  double scriptShared(Writing other) {
    if (scripts.isEmpty() || other.scripts.isEmpty()) {
      return 1;
    }
    double shared = 0;
    for (Map.Entry<UnicodeScript, Double> script : scripts.entrySet()) {
      shared += Math.min(script.getValue(), other.scripts.getOrDefault(script.getKey(), 0.0));
    }
    return shared;
  }
}
