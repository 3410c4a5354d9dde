package dev.palate.core.encoder;

import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Hugging Face's BERT tensors as {@code reward_model.py} wants them: one tensor per kind, the
 * layers stacked, query, key and value joined, the first token type added to the positions (every
 * sequence is read as one segment).
 */
public final class BertWeights {
  private final Map<String, Tensor> named;
  private final int layers;

  BertWeights(Map<String, Tensor> named) {
    this.named = named;
    int count = 0;
    while (named.containsKey("encoder.layer." + count + ".output.dense.weight")) {
      count++;
    }
    this.layers = count;
  }

  public int layers() {
    return layers;
  }

  /** The length of a token's state. */
  public int dimension() {
    return matrix("embeddings.word_embeddings.weight").shape()[1];
  }

  /** How many tokens the encoder knows. */
  int words() {
    return matrix("embeddings.word_embeddings.weight").shape()[0];
  }

  /** The longest sequence that was trained, in tokens. */
  public int positions() {
    return matrix("embeddings.position_embeddings.weight").shape()[0];
  }

  /**
   * @throws BundleException naming a tensor that is missing or has not the shape the others ask for
   */
  public SequencedMap<String, Tensor> stack() {
    int d = dimension();
    int inner = matrix("encoder.layer.0.intermediate.dense.weight").shape()[0];
    SequencedMap<String, Tensor> stacked = new LinkedHashMap<>();
    stacked.put("words", get("embeddings.word_embeddings.weight", words(), d));
    stacked.put("positions", positionsAndType(d));
    stacked.put("embed_norm_w", get("embeddings.LayerNorm.weight", d));
    stacked.put("embed_norm_b", get("embeddings.LayerNorm.bias", d));
    int[] square = {d, d};
    linear(
        stacked,
        "qkv",
        square,
        "attention.self.query.%s",
        "attention.self.key.%s",
        "attention.self.value.%s");
    linear(stacked, "attn_out", square, "attention.output.dense.%s");
    linear(stacked, "attn_norm", new int[] {d}, "attention.output.LayerNorm.%s");
    linear(stacked, "up", new int[] {inner, d}, "intermediate.dense.%s");
    linear(stacked, "down", new int[] {d, inner}, "output.dense.%s");
    linear(stacked, "out_norm", new int[] {d}, "output.LayerNorm.%s");
    return stacked;
  }

  private void linear(
      SequencedMap<String, Tensor> stacked, String name, int[] shape, String... modules) {
    stacked.put(name + "_w", layers("weight", shape, modules));
    stacked.put(name + "_b", layers("bias", new int[] {shape[0]}, modules));
  }

  /** {@code [layers, modules joined along their first dimension, ...]}. */
  private Tensor layers(String kind, int[] each, String... modules) {
    List<Tensor> parts = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      for (String module : modules) {
        parts.add(get("encoder.layer." + layer + "." + module.formatted(kind), each));
      }
    }
    int[] shape = new int[each.length + 1];
    shape[0] = layers;
    System.arraycopy(each, 0, shape, 1, each.length);
    shape[1] *= modules.length;
    float[] values = new float[parts.stream().mapToInt(part -> part.values().length).sum()];
    int at = 0;
    for (Tensor part : parts) {
      System.arraycopy(part.values(), 0, values, at, part.values().length);
      at += part.values().length;
    }
    return new Tensor(shape, values);
  }

  /** With rows of zeros up to the next padded length: only padding stands there. */
  private Tensor positionsAndType(int d) {
    int positions = positions();
    float[] position = get("embeddings.position_embeddings.weight", positions, d).values();
    Tensor types = matrix("embeddings.token_type_embeddings.weight");
    float[] type = get("embeddings.token_type_embeddings.weight", types.shape()[0], d).values();
    int padded = TokenBatch.bucket(positions);
    float[] sum = Arrays.copyOf(position, padded * d);
    for (int i = 0; i < position.length; i++) {
      sum[i] += type[i % d];
    }
    return new Tensor(new int[] {padded, d}, sum);
  }

  private Tensor get(String name, int... shape) {
    Tensor tensor = get(name);
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw misshapen(name, tensor, Arrays.toString(shape));
    }
    return tensor;
  }

  private Tensor matrix(String name) {
    Tensor tensor = get(name);
    if (tensor.shape().length != 2 || tensor.values().length == 0) {
      throw misshapen(name, tensor, "a matrix");
    }
    return tensor;
  }

  private Tensor get(String name) {
    Tensor tensor = named.get(name);
    if (tensor == null || layers == 0) {
      throw new BundleException(
          "The encoder's weights hold no tensor '%s': not a BERT this Palate can assemble."
                  .formatted(tensor == null ? name : "encoder.layer.0.output.dense.weight")
              + " Use another encoder, or a torchscript bundle.");
    }
    return tensor;
  }

  private static BundleException misshapen(String name, Tensor tensor, String expected) {
    return new BundleException(
        "The encoder's tensor '%s' has the shape %s, the others ask for %s: not a BERT this Palate"
                .formatted(name, Arrays.toString(tensor.shape()), expected)
            + " can assemble. Use another encoder, or a torchscript bundle.");
  }
}
