package dev.palate.core.model.torch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.encoder.TokenBatch;
import dev.palate.core.model.batching.Forward;
import java.io.IOException;
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
      NDArray answer = outputs.singletonOrThrow();
      if (answer.getShape().dimension() != 2 || answer.getShape().get(0) != n) {
        throw new IllegalStateException(
            "the model answered shape %s for %d sequences".formatted(answer.getShape(), n));
      }
      int width = Math.toIntExact(answer.getShape().get(1));
      float[] flat = answer.toFloatArray();
      float[][] rows = new float[n][];
      for (int i = 0; i < n; i++) {
        rows[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
      }
      return rows;
    }
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
