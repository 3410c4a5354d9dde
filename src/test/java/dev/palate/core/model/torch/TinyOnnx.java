package dev.palate.core.model.torch;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.Random;

/** The weights of a random BERT as an ONNX file, under their Hugging Face names. */
final class TinyOnnx {

  /** Shared among the 12 attention heads of every encoder that Palate assembles. */
  static final int WIDTH = 24;

  static final int TOKENS = 64;

  private static final int LAYERS = 2;
  private static final int INNER = 48;
  private static final int WORDS = 30_522;

  private final OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder();
  private final Random random;

  TinyOnnx(long seed) {
    this.random = new Random(seed);
  }

  byte[] encode() {
    table("embeddings.word_embeddings.weight", WORDS);
    table("embeddings.position_embeddings.weight", TOKENS);
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
    return OnnxMl.ModelProto.newBuilder().setGraph(graph).build().toByteArray();
  }

  private void linear(String module, int out, int in) {
    float[] weights = new float[out * in];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = normal();
    }
    add(module + ".weight", weights, out, in);
    add(module + ".bias", new float[out], out);
  }

  private void norm(String module) {
    float[] ones = new float[WIDTH];
    Arrays.fill(ones, 1);
    add(module + ".weight", ones, WIDTH);
    add(module + ".bias", new float[WIDTH], WIDTH);
  }

  private void table(String name, int rows) {
    float[] values = new float[rows * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = normal();
    }
    add(name, values, rows, WIDTH);
  }

  private float normal() {
    return (float) (random.nextGaussian() / Math.sqrt(WIDTH));
  }

  private void add(String name, float[] values, int... shape) {
    OnnxMl.TensorProto.Builder tensor =
        OnnxMl.TensorProto.newBuilder()
            .setName(name)
            .setDataType(OnnxMl.TensorProto.DataType.FLOAT_VALUE)
            .setRawData(ByteString.copyFrom(TorchScriptWriter.fp32(values)));
    for (int length : shape) {
      tensor.addDims(length);
    }
    graph.addInitializer(tensor);
  }
}
