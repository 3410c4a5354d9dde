package dev.palate.core.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.EncoderSpec.ResponseInput;
import dev.palate.core.model.torch.Archive;
import dev.palate.core.model.torch.TinyDirectory;
import dev.palate.core.runtime.RewardModels;
import dev.palate.tier.NeedsEngine;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is cut of a prompt that is read alone. */
@NeedsEngine
class PromptTokensTest {

  /** Of them two are special. */
  private static final int LIMIT = 10;

  @TempDir private static Path temp;
  private static EncoderSpec encoder;

  @BeforeAll
  static void encoder() {
    Path dir = TinyDirectory.write(temp.resolve("bert"), 7);
    encoder = RewardModels.encoder("directory:" + dir, ResponseInput.RESPONSE, null, false);
  }

  private static Sequence read(String prompt, boolean byTurns) {
    EncoderSpec reads = encoder.withInteraction(byTurns ? List.of(1) : List.of(), LIMIT);
    try (SequenceTokenizer tokenizer = SequenceTokenizer.of(reads, Archive.tokenizer(encoder))) {
      return tokenizer.prompts(List.of(prompt)).getFirst();
    }
  }

  /** The ids of a text without special tokens. */
  private static int[] ids(String text) {
    try (SequenceTokenizer tokenizer = SequenceTokenizer.of(encoder, Archive.tokenizer(encoder))) {
      int[] ids = tokenizer.single(List.of(text)).getFirst().ids();
      return Arrays.copyOfRange(ids, 1, ids.length - 1);
    }
  }

  private static int[] text(Sequence sequence) {
    return Arrays.copyOfRange(sequence.ids(), 1, sequence.length() - 1);
  }

  @Test
  void aPromptThatFitsIsReadWhole() {
    for (boolean byTurns : new boolean[] {false, true}) {
      Sequence sequence = read("I think please", byTurns);
      assertThat(text(sequence)).isEqualTo(ids("I think please"));
      assertThat(sequence.truncated()).isFalse();
      assertThat(sequence.tokens()).isEqualTo(5);
    }
  }

  @Test
  void ofALongMessageTheFirstAndTheLastHalfAreRead() {
    for (boolean byTurns : new boolean[] {false, true}) {
      Sequence sequence = read("I I I I day day day day please please please please", byTurns);
      assertThat(text(sequence)).isEqualTo(ids("I I I I please please please please"));
      assertThat(sequence.truncated()).isTrue();
      assertThat(sequence.tokens()).isEqualTo(14);
    }
  }

  @Test
  void byTurnsTheLastUserTurnComesFirstAndThenTheLatestOfTheOthers() {
    Sequence sequence =
        read("user: day day day day\n\nassistant: 7 12 7 12\n\nuser: think please !", true);
    assertThat(text(sequence)).startsWith(ids("think please !"));
    assertThat(text(sequence)).endsWith(ids("7 12 7 12"));
    assertThat(sequence.length()).isEqualTo(LIMIT);
    assertThat(sequence.truncated()).isTrue();
  }

  @Test
  void byTurnsALastUserTurnThatFillsTheLimitLeavesNoRoom() {
    Sequence sequence =
        read(
            "user: day day\n\nassistant: 7\n\nuser: I I I I day day please please please please",
            true);
    assertThat(text(sequence)).isEqualTo(ids("I I I I please please please please"));
  }

  @Test
  void withoutLayersAChatIsReadAsItStands() {
    String chat = "user: day\n\nassistant: 7";
    int[] all = ids(chat);
    int[] read = text(read(chat, false));
    assertThat(read).startsWith(Arrays.copyOf(all, LIMIT / 2 - 1));
    assertThat(read).endsWith(Arrays.copyOfRange(all, all.length - LIMIT / 2 + 1, all.length));
  }

  @Test
  void aLimitThatLeavesNoRoomForTextIsRefused() {
    assertThatThrownBy(() ->
            SequenceTokenizer.of(
                encoder.withInteraction(List.of(1), 6), Archive.tokenizer(encoder)))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("not 6");
  }
}
