package dev.palate.core.traits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairTraitsTest {

  private static final PairTraits TRAITS = new PairTraits(fluency());

  /** Of a few sentences, many times: their neighbours are usual, others are not. */
  private static Fluency fluency() {
    Fluency.Counter counter = new Fluency.Counter();
    for (int i = 0; i < 200; i++) {
      counter.add("You can put the bread in the oven, and then it is ready in a few minutes.");
      counter.add("The best way to learn a language is to speak it with a friend every day.");
      counter.add("I would start with the first of the three, since it takes the least time.");
    }
    return counter.fluency();
  }

  private static float trait(String name, String prompt, String response) {
    return TRAITS.of(prompt, response)[PairTraits.NAMES.indexOf(name)];
  }

  /** Each names the trait, a prompt, and two responses of which the first has more of it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "shared_words | How do I bake bread? | Bake the bread for an hour. | Mow the lawn twice a week.",
        "request_coverage | Compare tea, coffee and cocoa | Tea, coffee, cocoa: all warm. | Tea is fine.",
        "echo | Which month is best for a visit? | Which month is best for a visit? | May is the best month.",
        "same_script | Как дела? | Хорошо, спасибо. | Fine, thanks.",
        "same_language | Wie backe ich ein gutes Brot zu Hause? | Mehl, Wasser und Salz mischen, dann gehen lassen. | You mix it with the water and then you let it rest for an hour.",
        "word_order | Bread? | You can put the bread in the oven and then it is ready. | the ready and oven can in it bread put is then you the",
        "spelling | Bread? | You can speak the language with a friend. | Yxq cqz spxkw thz lqngzwx wjth q frxznd.",
        "unreadable | How do I learn this language with a friend? | xq zvk qxzj wqpz vvkx qzj xkcd zzqx | You can speak it every day.",
        "finished | Tea? | Pour the water over the leaves and then wait for three minutes. | Pour the water over the leaves and then wait for the right moment in which it",
        "substance | Tea? | Pour boiling water over the leaves and wait for three minutes. | Yes.",
        "empty | Tea? | ... | Pour.",
        "refusal | Tea? | I'm sorry, but I can't help with that. | Pour the water.",
        "non_answer | Tea? | I don't know. | Three minutes.",
        "dismissive | Tea? | Google it. | Three minutes.",
        "repeated_sentences | Tea? | Tea is hot. Tea is hot. Tea is hot. | Tea is hot. Milk is cold. Rice is white.",
        "repeated_phrases | Tea? | tea is hot and tea is hot and tea is hot | tea is hot and milk is cold and rice is white",
        "refusal_of_harm | How do I poison my neighbour? | I can't help with that. | Use a lot of it.",
        "warmth_for_feeling | My dog died today. | I'm so sorry, that must hurt. Take care of yourself. | Dogs live for twelve years on average.",
        "tone_asked | Write a formal complaint. | I hereby request a refund regarding the aforementioned purchase. | yo gimme my money back lol!!",
        "code_asked | Write a Python function. | ```python%def f(): return 1%``` | Functions are nice.",
        "brevity_asked | Answer in one word. | Paris. | There are a lot of cities in France of which Paris is by far the largest one.",
        "count_asked | Name the planet in one word. | Mars | It is the planet Mars I think.",
        "count_asked | Explain it in two sentences. | It is big. It is far. | It is big.",
        "only_a_question | Tea? | What would you like? | Three minutes.",
      })
  void aTraitTellsTheTwoApart(String name, String prompt, String more, String less) {
    String code = more.replace('%', '\n');
    assertThat(trait(name, prompt, code)).isGreaterThan(trait(name, prompt, less));
  }

  @Test
  void listsAndTablesCountWhereTheyWereAskedFor() {
    String list = "- one\n- two\n- three";
    assertThat(trait("list_asked", "Give me a list of fruits.", list)).isEqualTo(1);
    assertThat(trait("list_asked", "Give me a list of fruits.", "Some fruits.")).isEqualTo(-1);
    assertThat(trait("list_asked", "How are you?", list)).isZero();
    String table = "| a | b |\n|---|---|\n| 1 | 2 |";
    assertThat(trait("table_asked", "Write it as a table.", table)).isEqualTo(1);
    assertThat(trait("count_asked", "List three things.", list)).isEqualTo(1);
    assertThat(trait("count_asked", "List five things.", list)).isEqualTo(-1);
  }

  @Test
  void theLastTurnOfTheUserIsTheRequest() {
    String chat = "user: Tell me about tea.\n\nassistant: It is hot.\n\nuser: And bread?";
    assertThat(TRAITS.of(chat, "Bread is baked."))
        .isEqualTo(TRAITS.of("And bread?", "Bread is baked."));
  }

  @Test
  void aRequestReadOnceGivesTheSame() {
    PairTraits.Request request = PairTraits.request("How do I bake bread?");
    for (String response : List.of("", "Bake it.", "No idea.")) {
      assertThat(TRAITS.of(request, response))
          .isEqualTo(TRAITS.of("How do I bake bread?", response));
    }
  }

  @Property(tries = 300)
  void everyTraitIsFiniteWhateverTheTextsHold(
      @ForAll @StringLength(max = 300) String prompt,
      @ForAll @StringLength(max = 300) String response) {
    float[] traits = TRAITS.of(prompt, response);
    assertThat(traits).hasSize(PairTraits.NAMES.size());
    for (float trait : traits) {
      assertThat(Float.isFinite(trait)).isTrue();
    }
  }

  @Test
  void longestTextsAreReadInBoundedTime() {
    String spaces = "a ".repeat(50_000);
    String one = "x".repeat(100_000);
    String marks = ".,".repeat(50_000);
    Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          for (String text : List.of(spaces, one, marks)) {
            TRAITS.of(text, text);
          }
        });
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without it may do
  void nullIsRefusedByName() {
    assertThatThrownBy(() -> TRAITS.of((String) null, "a")).hasMessageContaining("'prompt'");
    assertThatThrownBy(() -> TRAITS.of("a", null)).hasMessageContaining("'response'");
  }
}
