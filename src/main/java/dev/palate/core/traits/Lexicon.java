package dev.palate.core.traits;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * English words and phrases by kind, read once from {@code words-en.txt}. A trie over words: a
 * phrase of three words is found in three steps, however many phrases there are.
 */
final class Lexicon {

  /** Words of the longest phrase. */
  static final int LONGEST_PHRASE = 6;

  static final Lexicon ENGLISH = read("words-en.txt");

  /** What is found after some words of a phrase. */
  static final class Node {

    private final Map<String, Node> next = new HashMap<>();
    private long kinds;

    /** The node one word further, or null where no phrase goes on so. */
    @Nullable Node after(String word) {
      return next.get(word);
    }

    /** Bits of {@link WordKind#bit}; 0 where only longer phrases begin so. */
    long kinds() {
      return kinds;
    }
  }

  private final Node root = new Node();

  private Lexicon() {}

  /** Where every word and phrase begins. */
  Node root() {
    return root;
  }

  private static Lexicon read(String name) {
    try (InputStream in = Lexicon.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the class path");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sections {@code [kind]}, entries separated by commas, lines beginning with # left out. */
  static Lexicon parse(String text) {
    Lexicon lexicon = new Lexicon();
    WordKind kind = null;
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("[")) {
        kind = WordKind.valueOf(line.substring(1, line.length() - 1).toUpperCase(Locale.ROOT));
      } else if (kind == null) {
        throw new IllegalArgumentException("Words before the first section: " + line);
      } else {
        for (String entry : line.split(",")) {
          lexicon.add(entry.strip(), kind);
        }
      }
    }
    return lexicon;
  }

  private void add(String entry, WordKind kind) {
    if (entry.isEmpty()) {
      return;
    }
    String[] words = entry.split(" +");
    if (words.length > LONGEST_PHRASE) {
      throw new IllegalArgumentException(
          "Phrase of more than %d words: %s".formatted(LONGEST_PHRASE, entry));
    }
    Node node = root;
    for (String word : words) {
      node = node.next.computeIfAbsent(word, w -> new Node());
    }
    node.kinds |= kind.bit();
  }
}
