package dev.palate.core.traits;

/**
 * States of a text's tokens after some layers, each of length 1, token after token within a longer
 * array: state {@code l} of token {@code t} begins at {@code offset + (t * layers + l) *
 * dimension}.
 *
 * @param values at least {@code offset + tokens * layers * dimension}
 * @param tokens of the text itself, without special ones; may be 0
 * @param dimension of one state
 */
@SuppressWarnings("ArrayRecordComponent") // a view, never compared
public record TokenStates(float[] values, int offset, int tokens, int layers, int dimension) {

  /**
   * @throws IllegalArgumentException where the array does not hold them
   */
  public TokenStates {
    if (offset < 0 || tokens < 0 || layers < 1 || dimension < 1) {
      throw new IllegalArgumentException(
          "'offset' and 'tokens' must not be negative, 'layers' and 'dimension' must be positive");
    }
    if (offset + (long) tokens * layers * dimension > values.length) {
      throw new IllegalArgumentException(
          "'values' must hold %d states of %d numbers from %d on, it has %d numbers"
              .formatted(tokens * (long) layers, dimension, offset, values.length));
    }
  }

  int at(int token, int layer) {
    return offset + (token * layers + layer) * dimension;
  }
}
