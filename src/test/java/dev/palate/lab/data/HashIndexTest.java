package dev.palate.lab.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HashIndexTest {

  @Test
  void answersAsAHashMapDoes() {
    HashIndex index = new HashIndex();
    Map<TextHash, Integer> expected = new HashMap<>();
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      // few enough values that many come twice; one half constant, as no hash would be
      TextHash hash = new TextHash(random.nextInt(300), i % 2 == 0 ? 0 : random.nextInt(300));
      expected.putIfAbsent(hash, index.size());
      index.add(hash);
    }
    assertThat(index.size()).isEqualTo(100_000);
    expected.forEach((hash, number) -> assertThat(index.find(hash)).isEqualTo(number));
  }

  @Test
  void whatWasNeverAddedHasNoNumber() {
    HashIndex index = new HashIndex();
    for (int i = 0; i < 1000; i++) {
      assertThat(index.contains(new TextHash(i, i))).isFalse();
      index.add(new TextHash(i, i));
    }
    assertThat(index.find(new TextHash(1000, 1000))).isNegative();
  }
}
