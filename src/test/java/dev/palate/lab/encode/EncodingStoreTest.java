package dev.palate.lab.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.core.bundle.EncoderSpec.ResponseInput;
import dev.palate.core.model.EmbeddingModel;
import dev.palate.core.model.Prompt;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.TextHash;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncodingStoreTest {

  @TempDir private Path dir;
  private Path file = Path.of("");

  @BeforeEach
  void file() {
    file = dir.resolve("deep/rows");
  }

  @Test
  void rowsReadBackAfterReopening() throws IOException {
    try (EncodingStore store = EncodingStore.open(file, 3)) {
      store.append(List.of(key(1), key(2)), new float[][] {{1, 2, 3}, {4, 5, 6}});
    }
    try (EncodingStore store = EncodingStore.open(file, 3);
        Arena arena = Arena.ofConfined()) {
      float[] row = new float[3];
      store.map(arena).copy(store.row(key(2)), row, 0);
      assertThat(row).containsExactly(4, 5, 6);
    }
  }

  @Test
  void aRecordCutShortByAKillIsDroppedAndTheRestKept() throws IOException {
    try (EncodingStore store = EncodingStore.open(file, 3)) {
      store.append(List.of(key(1)), new float[][] {{1, 2, 3}});
    }
    Files.write(file, new byte[17], StandardOpenOption.APPEND);
    try (EncodingStore store = EncodingStore.open(file, 3)) {
      store.append(List.of(key(2)), new float[][] {{4, 5, 6}});
    }
    try (EncodingStore store = EncodingStore.open(file, 3)) {
      assertThat(List.of(store.size(), store.row(key(1)), store.row(key(2))))
          .isEqualTo(List.of(2, 0, 1));
    }
  }

  @Test
  void twoRunsDoNotWriteOneFile() throws IOException {
    try (EncodingStore first = EncodingStore.open(file, 3)) {
      assertThat(first.size()).isZero();
      assertThatThrownBy(() -> EncodingStore.open(file, 3)).hasMessageContaining("in use");
    }
  }

  @Test
  void eachTextIsEmbeddedOnceAndNotAgainInTheNextRun() throws IOException {
    CountingModel model = new CountingModel();
    List<PreferencePair> pairs =
        List.of(pair("p", "a", "b"), pair("p", "a", "c"), pair("q", "b", "c"));
    for (int run = 0; run < 2; run++) {
      try (EncodingStore store = EncodingStore.open(file, 1)) {
        new PairEncoder(store, ResponseInput.RESPONSE).add(pairs).encode(model, n -> {});
      }
    }
    assertThat(model.texts).containsExactlyInAnyOrder("p", "q", "a", "b", "c");
  }

  @Test
  void ofLongTextsFewerAreReadTogether() throws IOException {
    List<PreferencePair> pairs = new ArrayList<>();
    for (char name = 'a'; name < 'd'; name++) {
      String text = String.valueOf(name).repeat(1_500_000);
      pairs.add(pair("p", text, text + "!"));
    }
    CountingModel model = new CountingModel();
    try (EncodingStore store = EncodingStore.open(file, 1)) {
      new PairEncoder(store, ResponseInput.RESPONSE).add(pairs).encode(model, n -> {});
      assertThat(store.size()).isEqualTo(7);
    }
    assertThat(model.mostCharacters).isBetween(3_000_000, 4_000_000);
  }

  @Test
  void aResponseReadWithItsPromptIsAnotherTextForEachPrompt() throws IOException {
    try (EncodingStore store = EncodingStore.open(file, 1)) {
      PairEncoder encoder = new PairEncoder(store, ResponseInput.PROMPT_AND_RESPONSE);
      encoder.add(List.of(pair("p", "a", "b"), pair("q", "a", "b")));
      assertThat(encoder.missing()).isEqualTo(6);
    }
  }

  @Test
  void pairsPointAtTheRowsOfTheirTexts() throws IOException {
    try (EncodingStore store = EncodingStore.open(file, 1);
        Arena arena = Arena.ofConfined()) {
      List<PreferencePair> pairs = List.of(pair("ppp", "a", "bb"));
      PairEncoder encoder = new PairEncoder(store, ResponseInput.RESPONSE).add(pairs);
      encoder.encode(new CountingModel(), n -> {});
      EncodedPairs encoded = encoder.encoded(pairs, arena);
      float[] lengths = new float[3];
      encoded.encodings().copy(encoded.prompts()[0], lengths, 0);
      encoded.encodings().copy(encoded.chosen()[0], lengths, 1);
      encoded.encodings().copy(encoded.rejected()[0], lengths, 2);
      assertThat(lengths).containsExactly(3, 1, 2);
    }
  }

  private static TextHash key(long n) {
    return new TextHash(n, -n);
  }

  private static PreferencePair pair(String prompt, String chosen, String rejected) {
    return new PreferencePair(
        "made", "id", null, "", new Prompt(prompt), chosen, rejected, 1, null, null);
  }

  /** Embeds a text as its length, and remembers what it was asked. */
  private static final class CountingModel implements EmbeddingModel {
    private final List<String> texts = new ArrayList<>();
    private int mostCharacters;

    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public float[][] embed(List<String> some, IntConsumer done) {
      texts.addAll(some);
      mostCharacters = Math.max(mostCharacters, some.stream().mapToInt(String::length).sum());
      done.accept(some.size());
      return some.stream().map(text -> new float[] {text.length()}).toArray(float[][]::new);
    }

    @Override
    public float[][] embedResponses(
        List<Prompt> prompts, List<String> responses, IntConsumer done) {
      return embed(responses, done);
    }

    @Override
    public void close() {}
  }
}
