package dev.palate.core.traits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that nobody expects: they get finite traits, in time linear in their length. */
class OddTextsTest {

  private static final int LONG = 100_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\n\n\n",
        "\0",
        "a\0b",
        "\uD800",
        "\uDC00\uD800",
        "x\uD83D",
        "\u200D\uFE0F",
        "שלום עולם, מה שלומך?",
        "مرحبا بالعالم؟",
        "你好，世界。这是一个测试！",
        "สวัสดีชาวโลก",
        "こんにちは世界",
        "안녕하세요 세계",
        "e\u0301te\u0301",
        "'",
        "''''",
        "```",
        "```\n",
        "|",
        "||||",
        "> > >",
        "#",
        "-",
        "- ",
        "1.",
        "**",
        "`",
        "``",
        "a.b.c.d.e.f.g.",
        "1.2.3.4",
        "\r\n\r\n",
        "\t\t\t\tx",
        ":-",
        "\u0130stanbul",
        "😀",
      })
  void anyTextHasFiniteTraits(String text) {
    for (float value : TextTraits.of(text)) {
      assertThat(value).isFinite();
    }
  }

  @Test
  void anyMixtureOfCharactersHasFiniteTraitsAndTheSameTwice() {
    Random random = new Random(7);
    String alphabet = "aZé中ก א\uD83D\uDE00\uD800\n\n \t`~*#|-.!?'’\":;,()1$%>\0\u200D\uFE0F";
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(40); j > 0; j--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      float[] traits = TextTraits.of(text.toString());
      assertThat(traits).isEqualTo(TextTraits.of(text.toString()));
      for (float value : traits) {
        assertThat(value).as("%s", text).isFinite();
      }
    }
  }

  @Test
  void scriptsWithoutSpacesAreAsLongAsTheirCharactersSay() {
    int length = TextTraits.NAMES.indexOf("length");
    assertThat(TextTraits.of("中".repeat(60))[length]).isEqualTo((float) Math.log1p(30));
    assertThat(TextTraits.of("ก".repeat(60))[length]).isEqualTo((float) Math.log1p(12));
  }

  @Test
  void windowsLineEndsCountAsOthers() {
    assertThat(TextTraits.of("# A\r\n\r\n- b\r\n- c\r\n"))
        .isEqualTo(TextTraits.of("# A\n\n- b\n- c\n"));
  }

  @Test
  @NullUnmarked
  void nullIsRefused() {
    assertThatThrownBy(() -> TextTraits.of(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("response");
  }

  static List<String> pieces() {
    return List.of(
        "The mill by the river grinds 5 kg of rye, as good as gold. ",
        "a",
        "as ",
        "`",
        "`\n",
        "`a\n",
        "```\n",
        "``` `\n",
        "- a\n",
        "*",
        "😀\u200D",
        "\uD800",
        "| a | b |\n",
        "中文",
        "a.",
        "1.",
        "...",
        "\u0301",
        " ",
        "'",
        "a'",
        "in the same boat ",
        "(",
        "> ",
        "\n",
        "🇵");
  }

  /** A quadratic step would take minutes here; a linear one takes less than a second. */
  @ParameterizedTest
  @MethodSource("pieces")
  void timeIsLinearWhateverIsRepeated(String piece) {
    String text = piece.repeat(LONG / piece.length());
    long start = System.nanoTime();
    for (int i = 0; i < 64; i++) {
      TextTraits.of(text);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
  }
}
