package dev.palate.core.bundle;

import java.util.Arrays;

/**
 * A row-major float tensor at rest.
 *
 * @param shape lengths of its dimensions
 * @param values {@code float[product of shape]}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; copying 90 MB of weights would cost
public record Tensor(int[] shape, float[] values) {

  public Tensor {
    long size = 1;
    for (int length : shape) {
      size = Math.multiplyExact(size, length);
    }
    if (size != values.length) {
      throw new IllegalArgumentException(
          "'values' holds %d numbers, shape %s needs %d"
              .formatted(values.length, Arrays.toString(shape), size));
    }
  }

  public static Tensor vector(float[] values) {
    return new Tensor(new int[] {values.length}, values);
  }

  public static Tensor matrix(float[][] rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    float[] values = new float[rows.length * columns];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != columns) {
        throw new IllegalArgumentException("row %d has another length than row 0".formatted(i));
      }
      System.arraycopy(rows[i], 0, values, i * columns, columns);
    }
    return new Tensor(new int[] {rows.length, columns}, values);
  }

  public float[][] rows() {
    float[][] rows = new float[shape[0]][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(values, i * shape[1], (i + 1) * shape[1]);
    }
    return rows;
  }

  public Tensor transposed() {
    int rows = shape[0];
    int columns = shape[1];
    float[] turned = new float[values.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        turned[j * rows + i] = values[i * columns + j];
      }
    }
    return new Tensor(new int[] {columns, rows}, turned);
  }

  boolean isFinite() {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
