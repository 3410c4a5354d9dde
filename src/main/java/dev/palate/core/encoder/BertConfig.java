package dev.palate.core.encoder;

import dev.palate.core.bundle.BundleException;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/**
 * What {@code config.json} says of a BERT. What the archive's module cannot do is refused; what a
 * file may leave out has BERT's own default.
 *
 * @param dimension {@code hidden_size}
 * @param layers {@code num_hidden_layers}
 * @param heads {@code num_attention_heads}
 * @param positions {@code max_position_embeddings}: the longest sequence, in tokens
 * @param normEpsilon {@code layer_norm_eps}
 */
record BertConfig(int dimension, int layers, int heads, int positions, double normEpsilon) {

  /**
   * @throws BundleException naming the key, what was found and what Palate can do
   */
  static BertConfig of(JsonNode json, Path file) {
    Reader reader = new Reader(json, file);
    reader.only("model_type", "", "bert");
    reader.only("hidden_act", "gelu", "gelu");
    reader.only("position_embedding_type", "absolute", "absolute");
    if (json.path("is_decoder").asBoolean(false)) {
      throw reader.refused("is_decoder", "a decoder's tokens do not see those behind them");
    }
    int dimension = reader.count("hidden_size");
    int heads = reader.count("num_attention_heads");
    if (dimension % heads != 0) {
      throw reader.refused(
          "num_attention_heads", "hidden_size %d is no multiple of it".formatted(dimension));
    }
    return new BertConfig(
        dimension,
        reader.count("num_hidden_layers"),
        heads,
        reader.count("max_position_embeddings"),
        reader.epsilon());
  }

  private record Reader(JsonNode json, Path file) {

    void only(String key, String absent, String known) {
      JsonNode value = json.path(key);
      String found = value.isString() ? value.asString() : value.isMissingNode() ? absent : "";
      if (!found.equals(known)) {
        throw refused(key, "Palate assembles '%s' only".formatted(known));
      }
    }

    int count(String key) {
      JsonNode value = json.path(key);
      if (!value.isInt() || value.intValue() < 1) {
        throw refused(key, "Palate needs a number of 1 or more");
      }
      return value.intValue();
    }

    double epsilon() {
      JsonNode value = json.path("layer_norm_eps");
      if (value.isMissingNode()) {
        return 1e-12;
      }
      if (!value.isNumber() || !(value.doubleValue() > 0) || !(value.doubleValue() < 1)) {
        throw refused("layer_norm_eps", "Palate needs a number between 0 and 1");
      }
      return value.doubleValue();
    }

    BundleException refused(String key, String can) {
      JsonNode value = json.path(key);
      return new BundleException(
          "%s: '%s' is %s; %s. Use another encoder, or a torchscript bundle."
              .formatted(file, key, value.isMissingNode() ? "missing" : value, can));
    }
  }
}
