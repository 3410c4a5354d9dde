package dev.palate.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextStoreTest {

  @TempDir private Path dir;

  @Test
  void everyTextReadsBackWhateverItsLengthAndScript() {
    TextStore store = TextStore.in(dir);
    List<String> texts = new ArrayList<>(List.of("", "a", "Tee für zwei", "茶", "🍵\n\0", "b"));
    // longer than the write buffer, and of many sizes around it
    texts.add("x".repeat((1 << 20) - 4));
    texts.add("y".repeat(3 << 20));
    for (int i = 0; i < 5000; i++) {
      texts.add("text " + "z".repeat(i));
    }
    long[] positions = texts.stream().mapToLong(store::add).toArray();
    for (int i = 0; i < positions.length; i++) {
      assertThat(store.text(positions[i])).isEqualTo(texts.get(i));
    }
  }

  @Test
  void readingWhileAddingAndAfterSealing() {
    TextStore store = TextStore.in(dir);
    long first = store.add("first");
    assertThat(store.text(first)).isEqualTo("first");
    long second = store.add("second");
    assertThat(store.text(second)).isEqualTo("second");
    long third = store.add("third");
    store.seal();
    assertThat(store.text(first) + store.text(second) + store.text(third))
        .isEqualTo("firstsecondthird");
  }

  @Test
  void equalTextsAreKeptOnce() {
    TextStore store = TextStore.in(dir);
    long prompt = store.addOnce("what tea?");
    for (int i = 0; i < 100; i++) {
      store.addOnce("other " + i);
    }
    assertThat(store.addOnce("what tea?")).isEqualTo(prompt);
  }

  @Test
  void halfASurrogatePairIsRefusedAndLeavesTheStoreAsItWas() {
    TextStore store = TextStore.in(dir);
    long before = store.addOnce("before");
    assertThatThrownBy(() -> store.addOnce("half \ud83c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("surrogate");
    assertThat(store.text(store.addOnce("after"))).isEqualTo("after");
    assertThat(store.text(before)).isEqualTo("before");
  }

  @Test
  void nothingIsLeftInTheDirectory() throws IOException {
    TextStore store = TextStore.in(dir.resolve("deep"));
    store.add("text");
    store.seal();
    try (var files = Files.list(dir.resolve("deep"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void aDirectoryThatCannotBeWrittenToIsNamed() throws IOException {
    Path file = Files.createFile(dir.resolve("file"));
    assertThatThrownBy(() -> TextStore.in(file.resolve("below")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file.toString());
  }
}
