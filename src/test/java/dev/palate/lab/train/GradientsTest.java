package dev.palate.lab.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.palate.core.model.torch.GradientTurn;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.tier.NeedsEngine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@NeedsEngine
class GradientsTest {

  private static final int PAIRS = 16;
  private static final int DIMENSION = 5;
  private static final int EXPERTS = 3;
  private static final MoeLoss.Strengths STRENGTHS =
      new MoeLoss.Strengths(0.7, 0.3, 0.5, 0.1, 0.4, 2);

  private final HeadParameters parameters = HeadParameters.random(DIMENSION, 4, 6, 0, EXPERTS, 3);
  private final Batches.Batch batch = batch();

  private static Batches.Batch batch() {
    EncodedPairs pairs = HiddenGroups.draw(3, PAIRS, DIMENSION, 4).pairs();
    float[] ones = new float[DIMENSION];
    Arrays.fill(ones, 1);
    Standardization none = new Standardization(new float[DIMENSION], ones);
    double[] weights = new double[PAIRS];
    Arrays.fill(weights, 1);
    Batches.Batch batch =
        new Batches.Batch(PAIRS, DIMENSION, 0, EXPERTS)
            .fill(new Batches(weights, PAIRS, 1), new StandardizedPairs(pairs, none, none), 0);
    Arrays.fill(batch.shifts(), 0.1f);
    Arrays.fill(batch.shares(), 0.5f);
    return batch;
  }

  @Test
  void aGarbageCollectionBeforeTheBackwardPassChangesNoGradient() throws Exception {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
      Gradients undisturbed = Gradients.of(manager, parameters, batch, STRENGTHS);
      for (int i = 0; i < 10; i++) {
        assertThat(collectedBetween(manager, parameters, batch))
            .isDeepEqualTo(undisturbed.tensors());
      }
    }
  }

  /** The engine has one collector, and making one sets all gradients to zero. */
  @Test
  void whoeverCollectsAtOnceGetsTheGradientsOfOneAlone() throws Exception {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager();
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      float[][] alone = Gradients.of(manager, parameters, batch, STRENGTHS).tensors();

      List<Future<Gradients>> together = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        together.add(threads.submit(() -> Gradients.of(manager, parameters, batch, STRENGTHS)));
      }

      for (Future<Gradients> one : together) {
        assertThat(one.get().tensors()).isDeepEqualTo(alone);
      }
    }
  }

  /** As {@link Gradients#of}, but for what happens between the passes. */
  private static float[][] collectedBetween(
      NDManager manager, HeadParameters parameters, Batches.Batch batch) throws Exception {
    try (GradientTurn _ = GradientTurn.take();
        NDManager own = manager.newSubManager();
        var collector = manager.getEngine().newGradientCollector()) {
      NDList tensors = new NDList();
      for (int i = 0; i < parameters.shapes().length; i++) {
        NDArray tensor = MoeLoss.array(own, parameters.tensors()[i], parameters.shapes()[i]);
        tensor.setRequiresGradient(true);
        tensors.add(tensor);
      }
      NDArray loss =
          MoeLoss.of(
              tensors,
              MoeLoss.array(own, batch.prompts(), PAIRS, DIMENSION),
              MoeLoss.array(own, batch.chosen(), PAIRS, DIMENSION),
              MoeLoss.array(own, batch.rejected(), PAIRS, DIMENSION),
              null,
              null,
              MoeLoss.array(own, batch.weights(), PAIRS),
              MoeLoss.array(own, batch.shifts(), PAIRS, EXPERTS),
              MoeLoss.array(own, batch.shares(), PAIRS),
              STRENGTHS);
      List<ByteBuffer> written = overwriteWhatIsLetGo();
      collector.backward(loss);
      assertThat(written).isNotEmpty();
      float[][] gradients = new float[tensors.size()][];
      for (int i = 0; i < gradients.length; i++) {
        gradients[i] = tensors.get(i).getGradient().toFloatArray();
      }
      return gradients;
    }
  }

  private static List<ByteBuffer> overwriteWhatIsLetGo() throws Exception {
    System.gc();
    Thread.sleep(50); // the buffers' memory is freed by a thread of its own
    List<ByteBuffer> written = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      written.add(ByteBuffer.allocateDirect(4).putInt(0, Float.floatToIntBits(Float.NaN)));
    }
    return written;
  }
}
