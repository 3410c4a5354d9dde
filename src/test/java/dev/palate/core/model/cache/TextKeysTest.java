package dev.palate.core.model.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.bundle.Hashes;
import dev.palate.core.model.Passage;
import dev.palate.core.model.Passage.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextKeysTest {

  /**
   * Wide units with the bytes of narrow ones, and lone surrogates, which no encoding tells apart.
   */
  private static final List<String> TEXTS =
      List.of(
          "", "AB", "\u4142", "\0A\0B", "A", "\u0041\u0042C", "\ud800", "\udfff", "?", "\u00ff");

  @Test
  void whatDiffersInModelKindOrTextHasAKeyOfItsOwn() {
    List<TextKey> keys = new ArrayList<>();
    for (String model : List.of("one", "two")) {
      TextKeys of = new TextKeys(model(model));
      for (String text : TEXTS) {
        keys.add(of.of(new Passage(Kind.PROMPT, text, "")));
        keys.add(of.of(new Passage(Kind.RESPONSE, "", text)));
        for (String prompt : TEXTS) {
          keys.add(of.of(new Passage(Kind.PROMPT_AND_RESPONSE, prompt, text)));
        }
      }
    }
    assertThat(keys).doesNotHaveDuplicates();
  }

  @Test
  void theSameTextHasTheSameKeyWhateverCameBefore() {
    TextKeys first = new TextKeys(model("one"));
    TextKeys second = new TextKeys(model("one"));
    Passage passage = new Passage(Kind.PROMPT_AND_RESPONSE, "a prompt", "\u4142");
    TextKey key = first.of(passage);
    second.of(new Passage(Kind.PROMPT_AND_RESPONSE, "another", "text"));

    assertThat(second.of(passage)).isEqualTo(key);
  }

  private static byte[] model(String name) {
    return Hashes.sha256().digest(name.getBytes(StandardCharsets.UTF_8));
  }
}
