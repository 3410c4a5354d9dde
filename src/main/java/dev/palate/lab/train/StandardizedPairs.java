package dev.palate.lab.train;

import dev.palate.lab.encode.EncodedPairs;

/** What a head is trained on: the embeddings of pairs, standardized. For one thread. */
public final class StandardizedPairs {

  private final EncodedPairs pairs;
  private final Standardization prompts;
  private final Standardization responses;
  private final float[] other;

  public StandardizedPairs(EncodedPairs pairs, Standardization prompts, Standardization responses) {
    this.pairs = pairs;
    this.prompts = prompts;
    this.responses = responses;
    this.other = new float[pairs.encodings().dimension()];
  }

  /** p(x) of a pair, to {@code target[offset ..]}. */
  public void prompt(int pair, float[] target, int offset) {
    standardized(pairs.prompts()[pair], prompts, target, offset);
  }

  /** phi(x, y+) of a pair, to {@code target[offset ..]}. */
  void chosen(int pair, float[] target, int offset) {
    standardized(pairs.chosen()[pair], responses, target, offset);
  }

  /** phi(x, y-) of a pair, to {@code target[offset ..]}. */
  void rejected(int pair, float[] target, int offset) {
    standardized(pairs.rejected()[pair], responses, target, offset);
  }

  /** What the experts read of a pair beside its responses, to {@code target[offset ..]}. */
  void pair(int pair, float[] target, int offset) {
    float[][] differences = pairs.pairDifferences();
    if (differences != null) {
      float[] difference = differences[pair];
      System.arraycopy(difference, 0, target, offset, difference.length);
    }
  }

  private void standardized(int row, Standardization by, float[] target, int offset) {
    pairs.encodings().copy(row, target, offset);
    for (int j = 0; j < other.length; j++) {
      target[offset + j] = (target[offset + j] - by.mean()[j]) / by.deviation()[j];
    }
  }

  /** phi(x, y+) - phi(x, y-) of a pair, to {@code target[offset ..]}. */
  public void difference(int pair, float[] target, int offset) {
    pairs.encodings().copy(pairs.chosen()[pair], target, offset);
    pairs.encodings().copy(pairs.rejected()[pair], other, 0);
    for (int j = 0; j < other.length; j++) {
      target[offset + j] = (target[offset + j] - other[j]) / responses.deviation()[j];
    }
  }
}
