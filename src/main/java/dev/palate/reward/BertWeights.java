package dev.palate.reward;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Hugging Face's BERT tensors as {@code reward_model.py} wants them: one tensor per kind, the
 * layers stacked, query, key and value joined, the first token type added to the positions (every
 * sequence is read as one segment).
 */
final class BertWeights {
  private final Map<String, Tensor> named;
  private final int layers;

  private BertWeights(Map<String, Tensor> named) {
    this.named = named;
    int count = 0;
    while (named.containsKey("encoder.layer." + count + ".output.dense.weight")) {
      count++;
    }
    this.layers = count;
  }

  static SequencedMap<String, Tensor> stack(Map<String, Tensor> named) {
    BertWeights weights = new BertWeights(named);
    SequencedMap<String, Tensor> stacked = new LinkedHashMap<>();
    stacked.put("words", weights.get("embeddings.word_embeddings.weight"));
    stacked.put("positions", weights.positions());
    stacked.put("embed_norm_w", weights.get("embeddings.LayerNorm.weight"));
    stacked.put("embed_norm_b", weights.get("embeddings.LayerNorm.bias"));
    weights.linear(
        stacked,
        "qkv",
        "attention.self.query.%s",
        "attention.self.key.%s",
        "attention.self.value.%s");
    weights.linear(stacked, "attn_out", "attention.output.dense.%s");
    weights.linear(stacked, "attn_norm", "attention.output.LayerNorm.%s");
    weights.linear(stacked, "up", "intermediate.dense.%s");
    weights.linear(stacked, "down", "output.dense.%s");
    weights.linear(stacked, "out_norm", "output.LayerNorm.%s");
    return stacked;
  }

  private void linear(SequencedMap<String, Tensor> stacked, String name, String... modules) {
    stacked.put(name + "_w", layers("weight", modules));
    stacked.put(name + "_b", layers("bias", modules));
  }

  /** {@code [layers, modules joined along their first dimension, ...]}. */
  private Tensor layers(String kind, String... modules) {
    List<Tensor> parts = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      for (String module : modules) {
        parts.add(get("encoder.layer." + layer + "." + module.formatted(kind)));
      }
    }
    int[] first = parts.getFirst().shape();
    int[] shape = new int[first.length + 1];
    shape[0] = layers;
    System.arraycopy(first, 0, shape, 1, first.length);
    shape[1] *= modules.length;
    float[] values = new float[parts.stream().mapToInt(part -> part.values().length).sum()];
    int at = 0;
    for (Tensor part : parts) {
      System.arraycopy(part.values(), 0, values, at, part.values().length);
      at += part.values().length;
    }
    return new Tensor(shape, values);
  }

  private Tensor positions() {
    Tensor positions = get("embeddings.position_embeddings.weight");
    float[] type = get("embeddings.token_type_embeddings.weight").values();
    float[] sum = positions.values().clone();
    int d = positions.shape()[1];
    for (int i = 0; i < sum.length; i++) {
      sum[i] += type[i % d];
    }
    return new Tensor(positions.shape(), sum);
  }

  private Tensor get(String name) {
    Tensor tensor = named.get(name);
    if (tensor == null || layers == 0) {
      throw new BundleException(
          "The encoder's weights hold no tensor '%s': not a BERT this Palate can assemble."
                  .formatted(name)
              + " Use another encoder, or a torchscript bundle.");
    }
    return tensor;
  }
}
