package dev.palate.core.model.torch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.palate.core.bundle.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Hugging Face directory of a random BERT, as other programs write it: 2 layers of width 20 in 5
 * heads, 50 positions, a cased vocabulary of words and letters.
 */
public final class TinyDirectory {

  public static final int WIDTH = 20;
  public static final int HEADS = 5;
  public static final int LAYERS = 2;
  public static final int POSITIONS = 50;
  public static final double NORM_EPSILON = 0.01; // large, so that another would show
  private static final int INNER = 28;

  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]");
  private static final String WORDS = "I You Not please the day was think . , ? ! 7 12";

  private final Path dir;
  private final Random random;
  private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();

  private TinyDirectory(Path dir, long seed) {
    this.dir = dir;
    this.random = new Random(seed);
  }

  /** Without pooling configuration. */
  public static Path write(Path dir, long seed) {
    TinyDirectory tiny = new TinyDirectory(dir, seed);
    tiny.draw();
    try {
      Files.createDirectories(dir);
      tiny.weights("", "F32");
      config(dir, Map.of());
      Files.write(dir.resolve("tokenizer.json"), tokenizer());
      return dir;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As sentence-transformers writes it, {@code true} for the modes named. */
  public static Path pooling(Path dir, String... modes) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("word_embedding_dimension", WIDTH);
    for (String mode : List.of("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens")) {
      json.put("pooling_mode_" + mode, List.of(modes).contains(mode));
    }
    Files.createDirectories(dir.resolve("1_Pooling"));
    Files.write(
        dir.resolve("1_Pooling").resolve("config.json"), new JsonMapper().writeValueAsBytes(json));
    return dir;
  }

  /** Writes {@code config.json}; a change to {@code ""} takes a key out. */
  public static void config(Path dir, Map<String, ?> changes) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("architectures", List.of("BertModel"));
    json.put("model_type", "bert");
    json.put("hidden_act", "gelu");
    json.put("position_embedding_type", "absolute");
    json.put("hidden_size", WIDTH);
    json.put("num_hidden_layers", LAYERS);
    json.put("num_attention_heads", HEADS);
    json.put("intermediate_size", INNER);
    json.put("max_position_embeddings", POSITIONS);
    json.put("layer_norm_eps", NORM_EPSILON);
    json.putAll(changes);
    json.values().removeIf(""::equals);
    Files.write(dir.resolve("config.json"), new JsonMapper().writeValueAsBytes(json));
  }

  /** Draws the same weights and writes them anew. */
  public static void weights(Path dir, long seed, String prefix, String dtype) throws IOException {
    TinyDirectory tiny = new TinyDirectory(dir, seed);
    tiny.draw();
    tiny.weights(prefix, dtype);
  }

  /** The weights, {@code remove} taken out and {@code put} put in. */
  public static void weights(Path dir, long seed, List<String> remove, Map<String, Tensor> put)
      throws IOException {
    TinyDirectory tiny = new TinyDirectory(dir, seed);
    tiny.draw();
    remove.forEach(tiny.tensors::remove);
    tiny.tensors.putAll(put);
    tiny.weights("", "F32");
  }

  private void draw() {
    table("embeddings.word_embeddings.weight", vocabulary().size());
    table("embeddings.position_embeddings.weight", POSITIONS);
    table("embeddings.token_type_embeddings.weight", 2);
    norm("embeddings.LayerNorm");
    for (int i = 0; i < LAYERS; i++) {
      String layer = "encoder.layer." + i + ".";
      linear(layer + "attention.self.query", WIDTH, WIDTH);
      linear(layer + "attention.self.key", WIDTH, WIDTH);
      linear(layer + "attention.self.value", WIDTH, WIDTH);
      linear(layer + "attention.output.dense", WIDTH, WIDTH);
      norm(layer + "attention.output.LayerNorm");
      linear(layer + "intermediate.dense", INNER, WIDTH);
      linear(layer + "output.dense", WIDTH, INNER);
      norm(layer + "output.LayerNorm");
    }
  }

  private void table(String name, int rows) {
    tensors.put(name, normal(0, 1, rows, WIDTH));
  }

  private void linear(String module, int out, int in) {
    tensors.put(module + ".weight", normal(0, 1.5 / Math.sqrt(in), out, in));
    tensors.put(module + ".bias", normal(0, 0.3, out));
  }

  private void norm(String module) {
    tensors.put(module + ".weight", normal(1, 0.2, WIDTH));
    tensors.put(module + ".bias", normal(0, 0.2, WIDTH));
  }

  private Tensor normal(double mean, double deviation, int... shape) {
    float[] values = new float[shape.length == 1 ? shape[0] : shape[0] * shape[1]];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return new Tensor(shape, values);
  }

  /** As PyTorch's exporters do: with the positions' indices, and what is no part of the encoder. */
  private void weights(String prefix, String dtype) throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", Map.of("format", "pt"));
    ByteBuffer data = ByteBuffer.allocate(1 << 18).order(ByteOrder.LITTLE_ENDIAN);
    data.putLong(0);
    header.put("embeddings.position_ids", field("I64", new int[] {1, 1}, 0, 8));
    int width = dtype.equals("F32") ? 4 : 2;
    for (var entry : tensors.entrySet()) {
      float[] values = entry.getValue().values();
      int start = data.position();
      header.put(
          prefix + entry.getKey(),
          field(dtype, entry.getValue().shape(), start, start + width * values.length));
      for (float value : values) {
        switch (dtype) {
          case "F32" -> data.putFloat(value);
          case "F16" -> data.putShort(Float.floatToFloat16(value));
          default -> data.putShort(TorchScriptWriter.bf16(value));
        }
      }
    }
    byte[] json = new JsonMapper().writeValueAsBytes(header);
    ByteBuffer file =
        ByteBuffer.allocate(8 + json.length + data.position()).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json).put(data.flip());
    Files.write(dir.resolve("model.safetensors"), file.array());
  }

  private static Map<String, Object> field(String dtype, int[] shape, int start, int end) {
    return Map.of("dtype", dtype, "shape", shape, "data_offsets", new int[] {start, end});
  }

  static List<String> vocabulary() {
    List<String> tokens = new ArrayList<>(SPECIAL);
    tokens.addAll(List.of(WORDS.split(" ")));
    for (char c = 'A'; c <= 'z'; c++) {
      if (Character.isLetter(c)) {
        if (c != 'I') {
          tokens.add("" + c);
        }
        tokens.add("##" + c);
      }
    }
    return tokens;
  }

  /** Case is kept, and [CLS] and [SEP] are not the ids that the uncased BERTs have. */
  private static byte[] tokenizer() {
    Map<String, Integer> ids = new LinkedHashMap<>();
    vocabulary().forEach(token -> ids.put(token, ids.size()));
    StringBuilder added = new StringBuilder();
    for (String token : SPECIAL) {
      added.append(added.isEmpty() ? "" : ",");
      added.append(
          """
          {"id":%d,"content":"%s","single_word":false,"lstrip":false,"rstrip":false,\
          "normalized":false,"special":true}\
          """
              .formatted(ids.get(token), token));
    }
    return """
    {"version":"1.0","truncation":null,"padding":null,"added_tokens":[%s],
     "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,
                   "strip_accents":null,"lowercase":false},
     "pre_tokenizer":{"type":"BertPreTokenizer"},
     "post_processor":{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]},
     "decoder":null,
     "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",
              "max_input_chars_per_word":100,"vocab":%s}}
    """
        .formatted(added, new JsonMapper().writeValueAsString(ids))
        .getBytes(UTF_8);
  }
}
