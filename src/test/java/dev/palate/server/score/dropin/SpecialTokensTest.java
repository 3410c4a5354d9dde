package dev.palate.server.score.dropin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecialTokensTest {

  @ParameterizedTest
  @CsvSource({
    "'text', 'text'",
    "'<s>text</s>', 'text'",
    "'<s> text </s>', ' text '",
    "'<pad><pad> <s>text', 'text'",
    "'text<|im_end|>\n<|endoftext|>\n', 'text'",
    "'text [PAD] [PAD]', 'text '",
    "'a <s> b', 'a <s> b'",
    "'<b>text</b>', '<b>text</b>'",
    "'a |> b|>', 'a |> b|>'",
    "'<|', '<|'",
    "'<|>', '<|>'",
    "'</s>', ''",
    "'<s></s>', ''",
    "'', ''",
  })
  void whatIsLeftIsTheText(String decoded, String text) {
    int begin = SpecialTokens.begin(decoded);

    assertThat(decoded.substring(begin, SpecialTokens.end(decoded, begin))).isEqualTo(text);
  }

  @Test
  void aMarkThatIsTooLongIsText() {
    String text = "<|" + "x".repeat(60) + "|>";

    assertThat(SpecialTokens.begin(text)).isZero();
    assertThat(SpecialTokens.end(text, 0)).isEqualTo(text.length());
  }

  @Test
  void theEndNeverComesBeforeItsBound() {
    assertThat(SpecialTokens.end("p</s>", 3)).isEqualTo(5);
    assertThat(SpecialTokens.end("p</s></s>", 5)).isEqualTo(5);
  }

  /** Were each mark's partner sought over the whole text, this would take minutes. */
  @Test
  void textsMadeToBeSlowAreNot() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          for (String part : new String[] {"<pad>", " ", "<|", "|>", "<|x", "\uFF5C>"}) {
            String text = part.repeat(100_000 / part.length());
            SpecialTokens.begin(text);
            SpecialTokens.end(text, 0);
          }
        });
  }
}
