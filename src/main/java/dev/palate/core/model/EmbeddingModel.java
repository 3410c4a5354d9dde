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
   * Embeds texts, length-sorted into batches inside.
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
