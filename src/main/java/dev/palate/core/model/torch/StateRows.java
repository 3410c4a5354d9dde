package dev.palate.core.model.torch;

import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.encoder.Sequence;
import dev.palate.core.encoder.SequenceTokenizer;
import dev.palate.core.traits.TokenStates;

/** Token states behind what an archive answers of a sequence ({@link TorchForward}). */
final class StateRows {
  private StateRows() {}

  /** Numbers of one token; 0 where the encoder's spec names no interaction layers. */
  static int width(EncoderSpec spec) {
    return spec.interactionLayers().size() * spec.embeddingDimension();
  }

  /**
   * The states of the text's own tokens: what the special ones stand for is in no text.
   *
   * @param answer how many numbers are before the states
   */
  static TokenStates of(
      float[] row, int answer, Sequence sequence, SequenceTokenizer tokenizer, EncoderSpec spec) {
    return new TokenStates(
        row,
        answer + tokenizer.firstToken() * width(spec),
        tokenizer.textTokens(sequence),
        spec.interactionLayers().size(),
        spec.embeddingDimension());
  }
}
