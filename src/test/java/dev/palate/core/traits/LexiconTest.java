package dev.palate.core.traits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LexiconTest {

  private static long kinds(Lexicon lexicon, String... words) {
    Lexicon.Node node = lexicon.root();
    for (String word : words) {
      node = node == null ? null : node.after(word);
    }
    return node == null ? 0 : node.kinds();
  }

  @Test
  void aWordMayBeOfSeveralKindsAndBeginAPhrase() {
    Lexicon lexicon = Lexicon.parse("# remark\n[hedge]\nmight, might well be\n\n[image]\nmight\n");
    assertThat(kinds(lexicon, "might")).isEqualTo(WordKind.HEDGE.bit() | WordKind.IMAGE.bit());
    assertThat(kinds(lexicon, "might", "well")).isZero();
    assertThat(kinds(lexicon, "might", "well", "be")).isEqualTo(WordKind.HEDGE.bit());
    assertThat(kinds(lexicon, "well")).isZero();
  }

  @Test
  void damagedListsAreRefused() {
    assertThatThrownBy(() -> Lexicon.parse("might"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("might");
    assertThatThrownBy(() -> Lexicon.parse("[nonsense]\nmight"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Lexicon.parse("[hedge]\na b c d e f g"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a b c d e f g");
  }
}
