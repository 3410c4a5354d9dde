package dev.palate.core.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.Head;
import dev.palate.core.bundle.TestBundles;
import dev.palate.core.encoder.Sequence;
import dev.palate.core.encoder.TokenBatch;
import dev.palate.core.model.batching.Forward;
import dev.palate.core.runtime.RewardModels;
import dev.palate.core.traits.InteractionFeatures;
import dev.palate.core.traits.TokenStates;
import dev.palate.tier.NeedsEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sequence's answer does not depend on its company nor on its padding (promise 2). */
@NeedsEngine
class BatchInvarianceTest {

  private static final EncoderSpec ENCODER =
      RewardModels.defaultEncoder(EncoderSpec.ResponseInput.RESPONSE);

  /** Without the style features, which count tokens and are not of length 1. */
  private static final EncoderSpec BARE =
      new EncoderSpec(
          ENCODER.kind(),
          ENCODER.source(),
          ENCODER.sha256(),
          384,
          ENCODER.maxTokens(),
          ENCODER.responseInput());

  private static final int EXPERTS = 4;
  private static final List<Integer> LAYERS = List.of(2, 3, 4);

  @TempDir Path temp;

  @Test
  void inFp32AnEmbeddingIsTheSameTo1e5() {
    try (Forward forward = encoder(false)) {
      assertThat(worstDifference(forward)).isLessThan(1e-5);
    }
  }

  /** The stated bound: an embedding has length 1. */
  @Test
  void inBf16AnEmbeddingIsTheSameTo2e2() {
    if (!Bf16.runsHere()) {
      Bf16.assertRefused(() -> TorchEngine.bf16(TorchDtype.BF16, Device.cpu()));
      return;
    }
    try (Forward forward = encoder(true)) {
      assertThat(worstDifference(forward)).isLessThan(2e-2);
    }
  }

  @Test
  void inFp32HowAPairMatchesIsTheSameTo1e4() {
    try (Forward forward = layered(false)) {
      assertThat(worstDifferenceOfPairs(forward)).isLessThan(1e-4);
    }
  }

  /** The stated bound: a cosine is at most 1. */
  @Test
  void inBf16HowAPairMatchesIsTheSameTo5e2() {
    if (!Bf16.runsHere()) {
      Bf16.assertRefused(() -> TorchEngine.bf16(TorchDtype.BF16, Device.cpu()));
      return;
    }
    try (Forward forward = layered(true)) {
      assertThat(worstDifferenceOfPairs(forward)).isLessThan(5e-2);
    }
  }

  /** The first sequence is every other's prompt: read with it alone, and in one batch of all. */
  private static double worstDifferenceOfPairs(Forward forward) {
    List<Sequence> sequences = sequences(12);
    float[][] together = forward.run(TokenBatch.of(sequences, 256));
    float[] prompt = alone(forward, sequences.getFirst(), 0);
    double worst = 0;
    for (int i = 1; i < sequences.size(); i++) {
      float[] alone =
          InteractionFeatures.of(states(prompt), states(alone(forward, sequences.get(i), 0)));
      float[] crowd = InteractionFeatures.of(states(together[0]), states(together[i]));
      for (int f = 0; f < alone.length; f++) {
        worst = Math.max(worst, Math.abs(alone[f] - crowd[f]));
      }
    }
    return worst;
  }

  private static TokenStates states(float[] row) {
    int layers = LAYERS.size();
    return new TokenStates(row, 384, (row.length - 384) / (384 * layers), layers, 384);
  }

  @Test
  void theOrderOfCandidatesNeverChangesBeyondTies() {
    Bundle bundle = Bundles.read(TestBundles.randomBundle(temp.resolve("bundle"), EXPERTS, 5));
    for (boolean bf16 : Bf16.runsHere() ? new boolean[] {false, true} : new boolean[] {false}) {
      double tie = bf16 ? 5e-2 : 1e-4; // on rewards of standard deviation 1
      try (Forward forward = open(bundle.head(), bf16)) {
        List<Sequence> sequences = sequences(12);
        List<float[]> alone = sequences.stream().map(one -> alone(forward, one, 0)).toList();
        float[][] together = forward.run(TokenBatch.of(sequences, 256));
        for (int k = 0; k < EXPERTS; k++) {
          for (int i = 0; i < sequences.size(); i++) {
            for (int j = 0; j < sequences.size(); j++) {
              if (alone.get(i)[k] > alone.get(j)[k] + tie) {
                assertThat(together[i][k]).isGreaterThan(together[j][k]);
              }
            }
          }
        }
      }
    }
  }

  /** Norm of the worst change: padded to every bucket, and in random batches. */
  private static double worstDifference(Forward forward) {
    double worst = 0;
    List<Sequence> sequences = sequences(12);
    List<float[]> alone = sequences.stream().map(one -> alone(forward, one, 0)).toList();
    for (int i = 0; i < sequences.size(); i += 3) {
      for (int length = 16; length <= 256; length = TokenBatch.bucket(length + 1)) {
        if (length >= sequences.get(i).length()) {
          float[] padded = alone(forward, sequences.get(i), length);
          worst = Math.max(worst, distance(alone.get(i), padded));
        }
      }
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < sequences.size(); i++) {
      order.add(i);
    }
    Random random = new Random(3);
    for (int round = 0; round < 3; round++) {
      Collections.shuffle(order, random);
      List<Integer> some = order.subList(0, 2 + random.nextInt(order.size() - 2));
      float[][] rows = forward.run(TokenBatch.of(some.stream().map(sequences::get).toList(), 256));
      for (int i = 0; i < rows.length; i++) {
        worst = Math.max(worst, distance(alone.get(some.get(i)), rows[i]));
      }
    }
    return worst;
  }

  private static float[] alone(Forward forward, Sequence sequence, int length) {
    int padded = length == 0 ? TokenBatch.bucket(sequence.length()) : length;
    return forward.run(TokenBatch.of(List.of(sequence), padded))[0];
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.pow(a[i] - b[i], 2);
    }
    return Math.sqrt(sum);
  }

  private Forward encoder(boolean bf16) {
    return open(null, bf16);
  }

  private Forward layered(boolean bf16) {
    TorchEngine.start();
    EncoderSpec layered = BARE.withInteraction(LAYERS, BARE.maxTokens());
    return new TorchForward(Archive.of(layered, null, bf16, temp), Device.cpu());
  }

  private Forward open(@Nullable Head head, boolean bf16) {
    TorchEngine.start();
    return new TorchForward(
        Archive.of(head == null ? BARE : ENCODER, head, bf16, temp), Device.cpu());
  }

  /** Of 3 to 256 tokens, every fifth at a bucket's very end. */
  private static List<Sequence> sequences(int count) {
    Random random = new Random(11);
    List<Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = 3 + random.nextInt(254);
      int[] ids = new int[i % 5 == 0 ? TokenBatch.bucket(length) : length];
      for (int t = 0; t < ids.length; t++) {
        ids[t] = 1000 + random.nextInt(20_000);
      }
      sequences.add(new Sequence(ids, ids.length));
    }
    return sequences;
  }
}
