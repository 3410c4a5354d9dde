package dev.palate.lab.encode;

/** Embeddings by row, wherever they are kept. */
public interface Encodings {

  /** d, the length of a row. */
  int dimension();

  /** How many rows there are. */
  int size();

  /** Copies a row of {@code float[d]} to {@code target[offset ..]}. */
  void copy(int row, float[] target, int offset);

  /** Rows held in memory, {@code float[n][d]}. */
  static Encodings of(float[][] rows) {
    return new Encodings() {
      @Override
      public int dimension() {
        return rows[0].length;
      }

      @Override
      public int size() {
        return rows.length;
      }

      @Override
      public void copy(int row, float[] target, int offset) {
        System.arraycopy(rows[row], 0, target, offset, rows[row].length);
      }
    };
  }
}
