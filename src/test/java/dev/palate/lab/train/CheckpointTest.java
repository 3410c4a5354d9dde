package dev.palate.lab.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.encode.EncodedPairs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

  private static final TrainingSettings SETTINGS = TrainingSettings.DEFAULT;
  private static final double[] DECAY = {0.01, 0};

  @TempDir private Path dir;
  private Checkpoints checkpoints = new Checkpoints(Path.of(""));

  @BeforeEach
  void directory() {
    checkpoints = new Checkpoints(dir.resolve("deep"));
  }

  @Test
  void anInterruptedRunEndsWhereAnUninterruptedOneDoesBitForBit() {
    Run whole = new Run();
    whole.epochs(1, 6);
    Run first = new Run();
    first.epochs(1, 3);
    checkpoints.write("run", first.checkpoint(3));
    Checkpoint found = checkpoints.find("run").orElseThrow();
    Run second = new Run(found);
    second.epochs(found.epoch() + 1, 6);
    assertThat(second.tensors).isDeepEqualTo(whole.tensors);
    assertThat(second.optimizer.state())
        .usingRecursiveComparison()
        .isEqualTo(whole.optimizer.state());
  }

  @Test
  void everyNumberReadsBackAsItWas() {
    float[][] odd = {{Float.MAX_VALUE, -0f, Float.MIN_VALUE}, {}, {Float.POSITIVE_INFINITY}};
    Checkpoint written =
        new Checkpoint(
            epochs(7),
            odd,
            new AdamW.State(new float[][] {{1}}, new float[][] {{2}}, 99),
            new float[][] {{3, 4}, {5, 6}},
            new Checkpoint.Best(5, 0.1, 0.2, 0.3, true, odd));
    checkpoints.write("run", written);
    assertThat(checkpoints.find("run")).get().usingRecursiveComparison().isEqualTo(written);
  }

  @Test
  void aLaterEpochReplacesAnEarlierAndNothingElseIsLeft() throws IOException {
    Run run = new Run();
    checkpoints.write("run", run.checkpoint(1));
    checkpoints.write("run", run.checkpoint(2));
    assertThat(checkpoints.find("run")).get().extracting(Checkpoint::epoch).isEqualTo(2);
    try (var files = Files.list(dir.resolve("deep"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void anEndedRunAndAnUnknownOneStartAnew() {
    checkpoints.write("run", new Run().checkpoint(1));
    checkpoints.delete("run");
    assertThat(List.of(checkpoints.find("run"), checkpoints.find("other")))
        .allMatch(found -> found.isEmpty());
  }

  @Test
  void aDamagedFileIsTakenForNone() throws IOException {
    checkpoints.write("run", new Run().checkpoint(1));
    Path file = dir.resolve("deep/run.checkpoint");
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 31, 40, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(checkpoints.find("run")).as("cut to %d bytes", length).isEmpty();
    }
    whole[20] ^= 1;
    Files.write(file, whole);
    assertThat(checkpoints.find("run")).as("one bit turned").isEmpty();
  }

  @Test
  void theKeyNamesSettingsSeedAndEveryPartOfTheData() {
    EncodedPairs pairs = HiddenGroups.draw(2, 20, 4, 1).pairs();
    EncodedPairs other = HiddenGroups.draw(2, 20, 4, 2).pairs();
    int[] swapped = new int[20];
    Arrays.setAll(swapped, i -> i < 2 ? 1 - i : i);
    Set<String> keys =
        new TreeSet<>(
            List.of(
                Checkpoints.key(SETTINGS, pairs, other),
                Checkpoints.key(SETTINGS.withSeed(2), pairs, other),
                Checkpoints.key(SETTINGS.withExperts(3), pairs, other),
                Checkpoints.key(SETTINGS, other, pairs),
                Checkpoints.key(SETTINGS, pairs, pairs),
                Checkpoints.key(SETTINGS, pairs.at(swapped), other),
                Checkpoints.key(SETTINGS, strengthened(pairs), other)));
    assertThat(keys).hasSize(7);
    assertThat(Checkpoints.key(SETTINGS, HiddenGroups.draw(2, 20, 4, 1).pairs(), other))
        .isEqualTo(Checkpoints.key(SETTINGS, pairs, other));
  }

  private static List<Trainer.Epoch> epochs(int done) {
    return IntStream.rangeClosed(1, done)
        .mapToObj(epoch -> new Trainer.Epoch(epoch, 1.0 / epoch, 0.5 / epoch, 0.6))
        .toList();
  }

  private static EncodedPairs strengthened(EncodedPairs pairs) {
    List<PreferencePair> other =
        pairs.pairs().stream()
            .map(pair ->
                new PreferencePair(
                    pair.dataset(), pair.user(), pair.context(), 0.5, pair.split(), pair.texts()))
            .toList();
    return new EncodedPairs(
        pairs.encodings(), other, pairs.prompts(), pairs.chosen(), pairs.rejected());
  }

  /** A small quadratic problem, descended as the trainer does its own. */
  private static final class Run {
    private final float[][] tensors;
    private final AdamW optimizer;

    Run() {
      tensors = new float[][] {{3, -2, 1}, {5}};
      optimizer = new AdamW(tensors, DECAY);
    }

    Run(Checkpoint checkpoint) {
      tensors = checkpoint.parameters();
      optimizer = new AdamW(checkpoint.optimizer(), DECAY);
    }

    void epochs(int from, int to) {
      for (int epoch = from; epoch <= to; epoch++) {
        float[][] gradients = new float[tensors.length][];
        for (int i = 0; i < tensors.length; i++) {
          gradients[i] = new float[tensors[i].length];
          for (int j = 0; j < gradients[i].length; j++) {
            gradients[i][j] = (j + 1) * tensors[i][j] + epoch;
          }
        }
        optimizer.step(tensors, gradients, new double[] {0.1 / epoch, 0.2});
      }
    }

    Checkpoint checkpoint(int epoch) {
      return new Checkpoint(
          CheckpointTest.epochs(epoch), tensors, optimizer.state(), tensors, null);
    }
  }
}
