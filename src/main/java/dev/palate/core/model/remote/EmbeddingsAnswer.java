package dev.palate.core.model.remote;

import dev.palate.core.model.remote.RemoteEncoderException.Cause;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The body of an answer of {@code /v1/embeddings}: {@code {"data": [{"index", "embedding"}],
 * "usage": {"prompt_tokens"}}}, an embedding being an array of numbers or base64 of 32 bit
 * little-endian floats.
 *
 * @param rows {@code float[n][]} in the order of the texts, each of length 1; all NaN where the
 *     server gave a number that is none
 * @param tokens as the server counts them; 0 where it does not
 */
@SuppressWarnings("ArrayRecordComponent") // taken apart at once, never compared
record EmbeddingsAnswer(float[][] rows, long tokens) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /**
   * @param texts n, how many were asked for
   * @throws RemoteEncoderException where it is no such answer, or not to all of the texts
   */
  static EmbeddingsAnswer read(byte[] body, int texts) {
    JsonNode json;
    try {
      json = JSON.readTree(body);
    } catch (JacksonException e) {
      throw misfit("is no JSON");
    }
    JsonNode data = json.path("data");
    if (!data.isArray() || data.size() != texts) {
      throw misfit(
          "holds %s embeddings for %d texts".formatted(data.isArray() ? data.size() : "no", texts));
    }
    float[][] rows = new float[texts][];
    for (JsonNode entry : data) {
      int index = entry.path("index").asInt(-1);
      if (index < 0 || index >= texts || rows[index] != null) {
        throw misfit("does not number its embeddings 0 to %d".formatted(texts - 1));
      }
      rows[index] = unit(embedding(entry.path("embedding")));
    }
    for (float[] row : rows) {
      if (row.length != rows[0].length) {
        throw misfit("holds embeddings of different lengths");
      }
    }
    return new EmbeddingsAnswer(rows, json.path("usage").path("prompt_tokens").asLong(0));
  }

  private static float[] embedding(JsonNode json) {
    if (json.isString()) {
      return decoded(json.stringValue());
    }
    if (!json.isArray() || json.isEmpty()) {
      throw misfit("holds an embedding that is no array of numbers");
    }
    float[] values = new float[json.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode value = json.get(i);
      if (!value.isNumber() && !value.isNull()) {
        throw misfit("holds an embedding that is no array of numbers");
      }
      values[i] = value.isNull() ? Float.NaN : (float) value.doubleValue();
    }
    return values;
  }

  private static float[] decoded(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw misfit("holds an embedding that is no base64");
    }
    if (bytes.length == 0 || bytes.length % Float.BYTES != 0) {
      throw misfit("holds an embedding that is no base64 of 32 bit floats");
    }
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  /** Scaled to length 1, as an assembled encoder's are, whether the server does so or not. */
  private static float[] unit(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    double length = Math.sqrt(squares);
    if (!Double.isFinite(length)) {
      Arrays.fill(values, Float.NaN);
      return values;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] / Math.max(length, 1e-12));
    }
    return values;
  }

  private static RemoteEncoderException misfit(String what) {
    return new RemoteEncoderException(
        Cause.MISFIT, "its answer " + what, RemoteEncoder.RETRY_AFTER);
  }
}
