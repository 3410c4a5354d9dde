package dev.palate.core.bundle;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tokens of a {@code tokenizer.json}.
 *
 * @param model {@code WordPiece}, {@code Unigram}, {@code BPE} ...
 * @param continuation what a WordPiece token inside a word begins with
 * @param ids by token; empty for Unigram
 * @param added tokens that are found in a text before the model sees it, all special ones among
 *     them
 * @param size the largest id of all tokens, plus 1
 */
public record Vocabulary(
    String model, String continuation, Map<String, Integer> ids, Set<String> added, int size) {

  public static Vocabulary of(byte[] tokenizerJson) {
    JsonNode tokenizer;
    try {
      tokenizer = JsonMapper.shared().readTree(tokenizerJson);
    } catch (JacksonException e) {
      throw new BundleException(
          "The encoder's tokenizer is damaged: it is not JSON. Restore tokenizer.json.", e);
    }
    JsonNode model = tokenizer.path("model");
    JsonNode vocabulary = model.path("vocab"); // {token: id}, or of Unigram [[token, score]]
    Map<String, Integer> ids = new HashMap<>();
    int size = vocabulary.isArray() ? vocabulary.size() : 0;
    for (var entry : vocabulary.properties()) {
      ids.put(entry.getKey(), entry.getValue().asInt());
      size = Math.max(size, entry.getValue().asInt() + 1);
    }
    Set<String> added = new HashSet<>();
    for (JsonNode token : tokenizer.path("added_tokens")) {
      added.add(token.path("content").asString(""));
      size = Math.max(size, token.path("id").asInt(0) + 1);
    }
    return new Vocabulary(
        model.path("type").asString("none"),
        model.path("continuing_subword_prefix").asString("##"),
        ids,
        added,
        size);
  }
}
