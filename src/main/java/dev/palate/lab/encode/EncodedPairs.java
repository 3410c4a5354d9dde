package dev.palate.lab.encode;

import dev.palate.lab.data.PreferencePair;
import java.util.List;

/**
 * Pairs with the rows of their texts' embeddings.
 *
 * @param encodings where the rows are
 * @param pairs n pairs
 * @param prompts {@code int[n]}: row of p(x)
 * @param chosen {@code int[n]}: row of phi(x, y+)
 * @param rejected {@code int[n]}: row of phi(x, y-)
 */
public record EncodedPairs(
    Encodings encodings, List<PreferencePair> pairs, int[] prompts, int[] chosen, int[] rejected) {

  /** n. */
  public int size() {
    return pairs.size();
  }

  /** The pairs at these indices, in this order, over the same rows. */
  public EncodedPairs at(int[] indices) {
    int n = indices.length;
    PreferencePair[] some = new PreferencePair[n];
    int[][] rows = new int[3][n];
    for (int i = 0; i < n; i++) {
      some[i] = pairs.get(indices[i]);
      rows[0][i] = prompts[indices[i]];
      rows[1][i] = chosen[indices[i]];
      rows[2][i] = rejected[indices[i]];
    }
    return new EncodedPairs(encodings, List.of(some), rows[0], rows[1], rows[2]);
  }
}
