package dev.palate.core.model.remote;

import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.model.EmbeddingModel;
import dev.palate.core.model.Prompt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;

/** A remote encoder for long lists of texts and one caller. */
public final class RemoteEmbeddingModel implements EmbeddingModel {
  private final EncoderSpec spec;
  private final RemoteEncoder encoder;

  public RemoteEmbeddingModel(EncoderSpec spec, RemoteEncoder encoder) {
    this.spec = spec;
    this.encoder = encoder;
  }

  @Override
  public int dimension() {
    return spec.dimension();
  }

  @Override
  public float[][] embed(List<String> texts, IntConsumer done) {
    return compute(texts.stream().map(RemoteText::lone).toList(), done);
  }

  @Override
  public float[][] embedResponses(List<Prompt> prompts, List<String> responses, IntConsumer done) {
    if (prompts.size() != responses.size()) {
      throw new IllegalArgumentException("'prompts' and 'responses' must be of one length");
    }
    return switch (spec.responseInput()) {
      case RESPONSE -> embed(responses, done);
      case PROMPT_AND_RESPONSE -> {
        List<RemoteText> texts = new ArrayList<>(responses.size());
        for (int i = 0; i < responses.size(); i++) {
          texts.add(new RemoteText(prompts.get(i).text(), responses.get(i)));
        }
        yield compute(texts, done);
      }
    };
  }

  /** As many as the server is sent at once. */
  @Override
  public int textsAtATime() {
    return encoder.settings().batchSize() * encoder.settings().maxConcurrency();
  }

  private float[][] compute(List<RemoteText> texts, IntConsumer done) {
    int most = textsAtATime();
    float[][] rows = new float[texts.size()][];
    for (int from = 0; from < rows.length; from += most) {
      List<RemoteText> some = texts.subList(from, Math.min(rows.length, from + most));
      Map<RemoteText, float[]> rowOf = rows(some);
      for (int i = 0; i < some.size(); i++) {
        rows[from + i] = Objects.requireNonNull(rowOf.get(some.get(i)));
      }
      done.accept(some.size());
    }
    return rows;
  }

  private Map<RemoteText, float[]> rows(List<RemoteText> texts) {
    List<RemoteText> distinct = texts.stream().distinct().toList();
    Map<RemoteText, float[]> rowOf = new LinkedHashMap<>();
    try {
      List<RemoteEncoder.Row> rows =
          encoder.embed(distinct, RemoteRewardModel.room(spec), null).rows();
      for (int i = 0; i < distinct.size(); i++) {
        rowOf.put(distinct.get(i), sound(rows.get(i)));
      }
      return rowOf;
    } catch (RemoteEncoderException e) {
      throw new BundleException(
          "The remote encoder at %s: %s. What it has answered is kept; the same command goes on from there. If it is only slow, raise --encoder-timeout or lower --encoder-batch-size."
              .formatted(encoder.settings().url(), e.getMessage()),
          e);
    }
  }

  private float[] sound(RemoteEncoder.Row row) {
    if (!row.finite()) {
      throw new BundleException(
          "The remote encoder '%s' gives no finite embedding of a text of the data. Serve it in another precision."
              .formatted(spec.source()));
    }
    if (row.row().length != spec.dimension()) {
      throw new BundleException(
          "The remote encoder '%s' answers %d numbers a text now, and %d before. Serve one model under a name."
              .formatted(spec.source(), row.row().length, spec.dimension()));
    }
    return row.row();
  }

  @Override
  public void close() {
    encoder.close();
  }
}
