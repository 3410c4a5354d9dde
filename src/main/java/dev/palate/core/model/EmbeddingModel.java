package dev.palate.core.model;

import java.util.List;
import java.util.function.IntConsumer;

/**
 * The bare encoder, without router and experts: what training stands on; or an archive of both,
 * whose answers then stand for embeddings ({@code RewardModels.openArchive}).
 */
public interface EmbeddingModel extends AutoCloseable {

  /** d, the length of an embedding. */
  int dimension();

  /** How many texts to give it at a time: a few seconds of work, which is lost as a whole. */
  default int textsAtATime() {
    return 2048;
  }

  /**
   * What reading pairs apart gives, a row a pair.
   *
   * @param prompts {@code float[n][d]}, p(x)
   * @param responses {@code float[n][d]}, phi(x, y)
   * @param interactions {@code float[n][layers * 8]} ({@code InteractionFeatures})
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record PairRows(float[][] prompts, float[][] responses, float[][] interactions) {}

  /**
   * Reads each different text of the pairs once and compares the token states of each pair.
   *
   * @param prompts pairs of one prompt next to each other, so that its states are needed at once
   * @param done told now and then how many more pairs were read
   * @throws UnsupportedOperationException where the encoder's spec names no interaction layers
   */
  default PairRows readPairs(List<Prompt> prompts, List<String> responses, IntConsumer done) {
    throw new UnsupportedOperationException("the encoder gives no token states");
  }

  /**
   * Embeds texts as the router reads prompts, length-sorted into batches inside.
   *
   * @param done told after each batch how many texts it held
   * @return {@code float[n][d]} in input order
   */
  float[][] embed(List<String> texts, IntConsumer done);

  /**
   * The texts as the experts would read them.
   *
   * @return {@code float[n][d]}: phi(x, y) of each pair of prompt and response, by the encoder
   *     spec's response input
   */
  float[][] embedResponses(List<Prompt> prompts, List<String> responses, IntConsumer done);

  @Override
  void close();
}
