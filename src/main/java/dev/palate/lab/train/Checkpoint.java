package dev.palate.lab.train;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a training run is at an epoch's end; with the settings and the data, all that the rest of
 * it depends on. The order of the pairs is no part of it: shuffling once for each epoch done brings
 * it back.
 *
 * @param epochs what was done, in order
 * @param parameters what is learned, as flat tensors
 * @param shifts of the training users, as {@link UserShifts#state} gives them
 * @param best null: none is worth keeping yet
 */
record Checkpoint(
    List<Trainer.Epoch> epochs,
    float[][] parameters,
    AdamW.State optimizer,
    float[][] shifts,
    @Nullable Best best) {

  Checkpoint {
    epochs = List.copyOf(epochs);
  }

  /** How many epochs are done. */
  int epoch() {
    return epochs.size();
  }

  /**
   * The epoch that would be kept if training ended here.
   *
   * @param loss the mean training objective of its steps
   * @param ramped whether the sparsity was in full by then
   * @param parameters as they were at its end
   */
  record Best(
      int epoch,
      double loss,
      double validationLoss,
      double validationAccuracy,
      boolean ramped,
      float[][] parameters) {}

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(epochs.size());
    for (Trainer.Epoch epoch : epochs) {
      out.writeInt(epoch.epoch());
      out.writeDouble(epoch.loss());
      out.writeDouble(epoch.validationLoss());
      out.writeDouble(epoch.validationAccuracy());
    }
    write(out, parameters);
    write(out, optimizer.first());
    write(out, optimizer.second());
    out.writeInt(optimizer.step());
    write(out, shifts);
    out.writeBoolean(best != null);
    if (best != null) {
      out.writeInt(best.epoch());
      out.writeDouble(best.loss());
      out.writeDouble(best.validationLoss());
      out.writeDouble(best.validationAccuracy());
      out.writeBoolean(best.ramped());
      write(out, best.parameters());
    }
  }

  static Checkpoint readFrom(DataInput in) throws IOException {
    int done = in.readInt();
    List<Trainer.Epoch> epochs = new ArrayList<>();
    for (int i = 0; i < done; i++) {
      epochs.add(
          new Trainer.Epoch(in.readInt(), in.readDouble(), in.readDouble(), in.readDouble()));
    }
    float[][] parameters = tensors(in);
    AdamW.State optimizer = new AdamW.State(tensors(in), tensors(in), in.readInt());
    float[][] shifts = tensors(in);
    Best best =
        in.readBoolean()
            ? new Best(
                in.readInt(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readBoolean(),
                tensors(in))
            : null;
    return new Checkpoint(epochs, parameters, optimizer, shifts, best);
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
