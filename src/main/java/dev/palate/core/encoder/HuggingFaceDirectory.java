package dev.palate.core.encoder;

import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.EncoderSpec.Pooling;
import dev.palate.core.bundle.Hashes;
import dev.palate.core.bundle.Safetensors;
import dev.palate.core.bundle.Tensor;
import dev.palate.core.bundle.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A BERT as Hugging Face's transformers and sentence-transformers write it: {@code config.json},
 * {@code model.safetensors} (F32, F16 or BF16; tensors with or without the prefix {@code bert.}),
 * {@code tokenizer.json}, and {@code 1_Pooling/config.json} where the mean is not meant. What a
 * model does after pooling is not read, save that every embedding is scaled to length 1.
 */
record HuggingFaceDirectory(Path dir) implements EncoderFiles {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String CONFIG = "config.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final String TOKENIZER = "tokenizer.json";
  private static final String POOLING = "pooling_mode_";

  static HuggingFaceDirectory open(String path) {
    try {
      HuggingFaceDirectory directory = new HuggingFaceDirectory(Path.of(path));
      for (String name : List.of(CONFIG, WEIGHTS, TOKENIZER)) {
        directory.existing(name);
      }
      return directory;
    } catch (InvalidPathException e) {
      throw new BundleException(
          "The encoder's directory '%s' is no path: %s. Correct it."
              .formatted(path, e.getMessage()),
          e);
    }
  }

  @Override
  public String weightsSha256() {
    Path file = existing(WEIGHTS);
    try {
      return Hashes.of(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  @Override
  public Bert read(String sha256) {
    Path file = existing(WEIGHTS);
    byte[] bytes = bytes(file);
    String found = Hashes.of(bytes);
    if (!found.equals(sha256)) {
      throw new BundleException(
          "%s has SHA-256 %s, the bundle was trained on %s. Put the file it was trained on back, or"
                  .formatted(file, found, sha256)
              + " train again.");
    }
    BertConfig config = BertConfig.of(json(dir.resolve(CONFIG)), dir.resolve(CONFIG));
    BertWeights weights = new BertWeights(bareNames(Safetensors.decode(bytes, file.toString())));
    agree("hidden_size", config.dimension(), weights.dimension());
    agree("num_hidden_layers", config.layers(), weights.layers());
    agree("max_position_embeddings", config.positions(), weights.positions());
    int tokens = Vocabulary.of(tokenizer()).size();
    if (tokens > weights.words()) {
      throw new BundleException(
          "%s knows %d tokens, %s only %d of them. Use the tokenizer the encoder was trained with."
              .formatted(dir.resolve(TOKENIZER), tokens, WEIGHTS, weights.words()));
    }
    return new Bert(weights, config.heads(), config.normEpsilon());
  }

  @Override
  public byte[] tokenizer() {
    return bytes(existing(TOKENIZER));
  }

  @Override
  public String settingsSha256() {
    MessageDigest digest = Hashes.sha256();
    digest.update(bytes(existing(CONFIG)));
    digest.update(tokenizer());
    return Hashes.hex(digest.digest());
  }

  @Override
  public Pooling pooling() {
    Path file = dir.resolve("1_Pooling").resolve(CONFIG);
    if (!Files.exists(file)) {
      return Pooling.MEAN;
    }
    List<String> modes =
        json(file).properties().stream()
            .filter(property -> property.getKey().startsWith(POOLING))
            .filter(property -> property.getValue().asBoolean(false))
            .map(Map.Entry::getKey)
            .toList();
    if (modes.equals(List.of(POOLING + "mean_tokens"))) {
      return Pooling.MEAN;
    }
    if (modes.equals(List.of(POOLING + "cls_token"))) {
      return Pooling.CLS;
    }
    throw new BundleException(
        "%s: true are %s; Palate pools by pooling_mode_mean_tokens or by pooling_mode_cls_token alone."
                .formatted(file, modes)
            + " Use another encoder, or a torchscript bundle.");
  }

  /** As {@link BertWeights} knows them: no prefix, and the norms' names of today. */
  private static Map<String, Tensor> bareNames(Map<String, Tensor> tensors) {
    Map<String, Tensor> bare = new HashMap<>();
    tensors.forEach((name, tensor) ->
        bare.put(
            name.replaceFirst("^bert\\.", "")
                .replaceFirst("LayerNorm\\.gamma$", "LayerNorm.weight")
                .replaceFirst("LayerNorm\\.beta$", "LayerNorm.bias"),
            tensor));
    return bare;
  }

  private void agree(String key, int said, int found) {
    if (said != found) {
      throw new BundleException(
          "%s: '%s' is %d, %s has %d. Restore the encoder's files, they do not belong together."
              .formatted(dir.resolve(CONFIG), key, said, WEIGHTS, found));
    }
  }

  private Path existing(String name) {
    Path file = dir.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new BundleException(
          "The encoder's file %s is missing. Put the directory back, or name the right one: in training by"
                  .formatted(file)
              + " --encoder, of a bundle by 'source' in bundle.json (directory:PATH; a relative PATH is"
              + " taken from the working directory %s).".formatted(Path.of("").toAbsolutePath()));
    }
    return file;
  }

  private static JsonNode json(Path file) {
    try {
      JsonNode json = JSON.readTree(bytes(file));
      if (json.isObject()) {
        return json;
      }
    } catch (JacksonException e) {
      throw new BundleException(
          "%s is damaged: it is not JSON. Restore the file.".formatted(file), e);
    }
    throw new BundleException("%s is damaged: it is no JSON object. Restore it.".formatted(file));
  }

  private static byte[] bytes(Path file) {
    try {
      if (Files.size(file) > Integer.MAX_VALUE - 8) {
        throw new BundleException(
            "%s is larger than the 2 GiB Palate can assemble. Use its F16 or BF16 form, or a torchscript bundle."
                .formatted(file));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static BundleException unreadable(Path file, IOException e) {
    return new BundleException(
        "%s cannot be read: %s. Check the path and its permissions."
            .formatted(file, e.getMessage()),
        e);
  }
}
