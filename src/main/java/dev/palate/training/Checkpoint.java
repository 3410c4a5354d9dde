package dev.palate.training;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where a training run is at an epoch's end; with the settings and the data, all that the rest of
 * it depends on. The order of the pairs is no part of it: shuffling once for each epoch done brings
 * it back.
 *
 * @param epoch how many are done
 * @param parameters what is learned, as flat tensors
 * @param best null: none is worth keeping yet
 */
record Checkpoint(int epoch, float[][] parameters, AdamW.State optimizer, @Nullable Best best) {

  /**
   * The epoch that would be kept if training ended here.
   *
   * @param loss the mean training objective of its steps
   * @param parameters as they were at its end
   */
  record Best(
      int epoch,
      double loss,
      double validationLoss,
      double validationAccuracy,
      float[][] parameters) {}

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(epoch);
    write(out, parameters);
    write(out, optimizer.first());
    write(out, optimizer.second());
    out.writeInt(optimizer.step());
    out.writeBoolean(best != null);
    if (best != null) {
      out.writeInt(best.epoch());
      out.writeDouble(best.loss());
      out.writeDouble(best.validationLoss());
      out.writeDouble(best.validationAccuracy());
      write(out, best.parameters());
    }
  }

  static Checkpoint readFrom(DataInput in) throws IOException {
    int epoch = in.readInt();
    float[][] parameters = tensors(in);
    AdamW.State optimizer = new AdamW.State(tensors(in), tensors(in), in.readInt());
    Best best =
        in.readBoolean()
            ? new Best(in.readInt(), in.readDouble(), in.readDouble(), in.readDouble(), tensors(in))
            : null;
    return new Checkpoint(epoch, parameters, optimizer, best);
  }

  private static void write(DataOutput out, float[][] tensors) throws IOException {
    out.writeInt(tensors.length);
    for (float[] tensor : tensors) {
      out.writeInt(tensor.length);
      for (float value : tensor) {
        out.writeFloat(value);
      }
    }
  }

  private static float[][] tensors(DataInput in) throws IOException {
    float[][] tensors = new float[in.readInt()][];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = new float[in.readInt()];
      for (int j = 0; j < tensors[i].length; j++) {
        tensors[i][j] = in.readFloat();
      }
    }
    return tensors;
  }
}
