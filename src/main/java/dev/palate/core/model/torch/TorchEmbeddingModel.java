package dev.palate.core.model.torch;

import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.encoder.Sequence;
import dev.palate.core.encoder.SequenceTokenizer;
import dev.palate.core.encoder.TokenBatch;
import dev.palate.core.model.EmbeddingModel;
import dev.palate.core.model.Prompt;
import dev.palate.core.model.batching.Batcher;
import dev.palate.core.traits.InteractionFeatures;
import dev.palate.core.traits.TokenStates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** An archive for long lists of texts and one caller: a text's row is what the archive answers. */
public final class TorchEmbeddingModel implements EmbeddingModel {
  /** Of token states that are held at a time. */
  private static final long STATE_BYTES = 128L << 20;

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
    return embeddings(tokenizer.prompts(texts), done);
  }

  @Override
  public float[][] embedResponses(List<Prompt> prompts, List<String> responses, IntConsumer done) {
    requireOneLength(prompts, responses);
    return switch (spec.responseInput()) {
      case RESPONSE -> embeddings(tokenizer.single(responses), done);
      case PROMPT_AND_RESPONSE ->
          embeddings(tokenizer.pairs(texts(prompts), responses), done);
    };
  }

  private static List<String> texts(List<Prompt> prompts) {
    return prompts.stream().map(Prompt::text).toList();
  }

  private static void requireOneLength(List<Prompt> prompts, List<String> responses) {
    if (prompts.size() != responses.size()) {
      throw new IllegalArgumentException("'prompts' and 'responses' must be of one length");
    }
  }

  @Override
  public PairRows readPairs(List<Prompt> prompts, List<String> responses, IntConsumer done) {
    requireOneLength(prompts, responses);
    if (!spec.readsInteraction()) {
      throw new UnsupportedOperationException("the encoder's spec names no interaction layers");
    }
    int n = prompts.size();
    List<Sequence> first = tokenizer.prompts(texts(prompts));
    List<Sequence> second = tokenizer.single(responses);
    PairRows rows = new PairRows(new float[n][], new float[n][], new float[n][]);
    int end;
    for (int from = 0; from < n; from = end) {
      Map<Sequence, Integer> rowOf = new LinkedHashMap<>();
      end = from;
      for (long bytes = 0; end < n && (end == from || bytes < STATE_BYTES); end++) {
        for (Sequence sequence : List.of(first.get(end), second.get(end))) {
          if (rowOf.putIfAbsent(sequence, rowOf.size()) == null) {
            bytes += (long) Float.BYTES * stateWidth() * sequence.length();
          }
        }
      }
      float[][] read = compute(List.copyOf(rowOf.keySet()), _ -> {}, true);
      IntStream.range(from, end)
          .parallel()
          .forEach(i -> {
            float[] prompt = read[rowOf.getOrDefault(first.get(i), -1)];
            float[] response = read[rowOf.getOrDefault(second.get(i), -1)];
            rows.prompts()[i] = Arrays.copyOf(prompt, dimension);
            rows.responses()[i] = Arrays.copyOf(response, dimension);
            rows.interactions()[i] =
                InteractionFeatures.of(
                    states(first.get(i), prompt), states(second.get(i), response));
          });
      done.accept(end - from);
    }
    return rows;
  }

  private TokenStates states(Sequence sequence, float[] row) {
    return StateRows.of(row, dimension, sequence, tokenizer, spec);
  }

  private int stateWidth() {
    return StateRows.width(spec);
  }

  private float[][] embeddings(List<Sequence> sequences, IntConsumer done) {
    return compute(sequences, done, false);
  }

  /**
   * Longest first, so that a machine too small for the batch shows it at once.
   *
   * @param states whether the rows are to hold the token states too, where there are any
   */
  private float[][] compute(List<Sequence> sequences, IntConsumer done, boolean states) {
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
        boolean whole = states || answers[i].length == dimension;
        rows[batch.get(i)] = whole ? answers[i] : Arrays.copyOf(answers[i], dimension);
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
        requireSound(distinct, answer.rows());
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

  private void requireSound(List<Sequence> sequences, float[][] rows) {
    for (int i = 0; i < rows.length; i++) {
      float[] row = rows[i];
      int states = sequences.get(i).length() * stateWidth();
      if (row.length != dimension + states) {
        throw new BundleException(
            "%s answers %d numbers a text; %d are expected. Use the archive the bundle was made with."
                .formatted(spec.source(), row.length, dimension + states));
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
