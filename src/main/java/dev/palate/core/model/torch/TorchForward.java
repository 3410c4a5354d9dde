package dev.palate.core.model.torch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.encoder.TokenBatch;
import dev.palate.core.model.batching.Forward;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/** A TorchScript archive in the PyTorch engine. */
public final class TorchForward implements Forward {
  private final Model model;
  private final int padding;

  public TorchForward(Path archive, Device device) {
    this(archive, device, 0);
  }

  /**
   * @param padding the token id that the archive is given where a sequence is padded
   */
  public TorchForward(Path archive, Device device, int padding) {
    this.padding = padding;
    String file = archive.getFileName().toString();
    model = Model.newInstance("palate", device, TorchEngine.NAME);
    try {
      model.load(archive.toAbsolutePath().getParent(), file.replaceFirst("\\.pt$", ""));
    } catch (IOException | MalformedModelException | RuntimeException e) {
      model.close();
      throw new BundleException(
          "%s cannot be loaded by the PyTorch engine: %s. It must be a TorchScript archive."
              .formatted(archive, e.getMessage()),
          e);
    }
  }

  @Override
  public float[][] run(TokenBatch batch) {
    int n = batch.rows();
    // every array of this pass, its answer too, dies with the manager
    try (NDManager manager = model.getNDManager().newSubManager()) {
      Shape shape = new Shape(n, batch.length());
      NDList inputs =
          new NDList(
              manager.create(batch.ids(padding), shape), manager.create(batch.mask(), shape));
      NDList outputs = model.getBlock().forward(new ParameterStore(manager, false), inputs, false);
      outputs.attach(manager);
      return rows(batch, outputs);
    }
  }

  /**
   * Of each sequence the answer, and behind it, where the archive answers token states, those of
   * its own tokens: {@code float[answer + length * width]}.
   */
  private static float[][] rows(TokenBatch batch, NDList outputs) {
    int n = batch.rows();
    NDArray answer = outputs.get(0);
    boolean states = outputs.size() == 2;
    if (outputs.size() > 2
        || answer.getShape().dimension() != 2
        || answer.getShape().get(0) != n
        || (states && !hasStates(outputs.get(1), batch))) {
      throw new IllegalStateException(
          "the model answered shape %s for %d sequences"
              .formatted(Arrays.toString(outputs.getShapes()), n));
    }
    int width = Math.toIntExact(answer.getShape().get(1));
    int stateWidth = states ? Math.toIntExact(outputs.get(1).getShape().get(2)) : 0;
    float[] answers = answer.toFloatArray();
    FloatBuffer all =
        states ? outputs.get(1).toByteBuffer(true).asFloatBuffer() : FloatBuffer.allocate(0);
    float[][] rows = new float[n][];
    for (int i = 0; i < n; i++) {
      int own = states ? batch.length(i) * stateWidth : 0;
      rows[i] = new float[width + own];
      System.arraycopy(answers, i * width, rows[i], 0, width);
      all.get(states ? i * batch.length() * stateWidth : 0, rows[i], width, own);
    }
    return rows;
  }

  private static boolean hasStates(NDArray answered, TokenBatch batch) {
    Shape shape = answered.getShape();
    return answered.getDataType() == DataType.FLOAT32
        && shape.dimension() == 3
        && shape.get(0) == batch.rows()
        && shape.get(1) == batch.length();
  }

  /** Native arrays that live now: the model's own, and nothing else between two passes. */
  int liveArrays() {
    return model.getNDManager().getManagedArrays().size();
  }

  @Override
  public void close() {
    model.close();
  }
}
