package dev.palate.core.model.torch;

import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.encoder.Sequence;
import dev.palate.core.encoder.SequenceTokenizer;
import dev.palate.core.encoder.TokenBatch;
import dev.palate.core.model.EmbeddingModel;
import dev.palate.core.model.Prompt;
import dev.palate.core.model.batching.Batcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** An archive for long lists of texts and one caller: a text's row is what the archive answers. */
public final class TorchEmbeddingModel implements EmbeddingModel {
  private final EncoderSpec spec;
  private final int dimension;
  private final SequenceTokenizer tokenizer;
  private final Batcher batcher;
  private final int batchTokens;

  public TorchEmbeddingModel(
      EncoderSpec spec,
      int dimension,
      SequenceTokenizer tokenizer,
      Batcher batcher,
      int batchTokens) {
    this.spec = spec;
    this.dimension = dimension;
    this.tokenizer = tokenizer;
    this.batcher = batcher;
    this.batchTokens = batchTokens;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public float[][] embed(List<String> texts, IntConsumer done) {
    return compute(tokenizer.single(texts), done);
  }

  @Override
  public float[][] embedResponses(List<Prompt> prompts, List<String> responses, IntConsumer done) {
    if (prompts.size() != responses.size()) {
      throw new IllegalArgumentException("'prompts' and 'responses' must be of one length");
    }
    return switch (spec.responseInput()) {
      case RESPONSE -> embed(responses, done);
      case PROMPT_AND_RESPONSE ->
          compute(tokenizer.pairs(prompts.stream().map(Prompt::text).toList(), responses), done);
    };
  }

  /** Longest first, so that a machine too small for the batch shows it at once. */
  private float[][] compute(List<Sequence> sequences, IntConsumer done) {
    List<Integer> order =
        IntStream.range(0, sequences.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> -sequences.get(i).length()))
            .toList();
    float[][] rows = new float[sequences.size()][];
    for (int from = 0; from < order.size(); ) {
      int length = TokenBatch.bucket(sequences.get(order.get(from)).length());
      int to = Math.min(order.size(), from + Math.max(1, batchTokens / length));
      List<Integer> batch = order.subList(from, to);
      float[][] answers = rows(batch.stream().map(sequences::get).toList());
      for (int i = 0; i < answers.length; i++) {
        rows[batch.get(i)] = answers[i];
      }
      done.accept(batch.size());
      from = to;
    }
    return rows;
  }

  private float[][] rows(List<Sequence> sequences) {
    // equal texts come next to each other only by chance, but within a batch they are free to find
    List<Sequence> distinct = new ArrayList<>(new java.util.LinkedHashSet<>(sequences));
    return switch (batcher.compute(distinct, null)) {
      case Batcher.Outcome.Done answer -> {
        requireSound(answer.rows());
        yield sequences.stream()
            .map(sequence -> answer.rows()[distinct.indexOf(sequence)])
            .toArray(float[][]::new);
      }
      case Batcher.Outcome.Refused refused ->
          throw new IllegalStateException("the encoder is in use by too many callers");
      case Batcher.Outcome.Expired expired ->
          throw new IllegalStateException("a call without deadline cannot expire");
    };
  }

  private void requireSound(float[][] rows) {
    for (float[] row : rows) {
      if (row.length != dimension) {
        throw new BundleException(
            "%s answers %d numbers a text; %d are expected. Use the archive the bundle was made with."
                .formatted(spec.source(), row.length, dimension));
      }
      for (float value : row) {
        if (!Float.isFinite(value)) {
          throw new IllegalStateException(
              "the encoder answered a number that is not finite; try --dtype fp32");
        }
      }
    }
  }

  @Override
  public void close() {
    batcher.close();
    tokenizer.close();
  }
}
