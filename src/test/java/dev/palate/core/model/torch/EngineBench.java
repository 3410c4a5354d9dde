package dev.palate.core.model.torch;

import ai.djl.Device;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.encoder.Sequence;
import dev.palate.core.encoder.TokenBatch;
import dev.palate.core.runtime.RewardModels;
import dev.palate.journey.BenchmarkReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The engine alone against ONNX Runtime on the same weights, in fp32 and with the published int8
 * weights: same threads, same arrays, one run, all in turn in every round. {@code mvn -Pbench
 * verify -Dit.test=EngineBench} writes docs/benchmarks.md.
 */
class EngineBench {

  private static final int ROUNDS = 9;
  private static final int WARM_UP = 2;
  private static final int BATCH_TOKENS = 4096;

  @TempDir Path cache;

  /** Something that runs batches. */
  private interface Contestant {
    void run(TokenBatch batch) throws OrtException;
  }

  @Test
  void engineAgainstOnnxRuntime() throws Exception {
    EncoderSpec encoder = RewardModels.defaultEncoder(EncoderSpec.ResponseInput.RESPONSE);
    TorchEngine.start();
    int threads = Integer.getInteger("ai.djl.pytorch.num_threads");
    try (TorchForward bf16 =
            new TorchForward(Archive.of(encoder, null, true, cache), Device.cpu());
        TorchForward fp32 =
            new TorchForward(Archive.of(encoder, null, false, cache), Device.cpu())) {
      try (OrtSession.SessionOptions options = options(threads);
          OrtSession ortFp32 = session("/all-minilm-l6-v2.onnx", options);
          OrtSession ortInt8 = session("/all-minilm-l6-v2-q.onnx", options)) {
        Map<String, Contestant> contestants = new LinkedHashMap<>();
        contestants.put("ONNX Runtime fp32", batch -> run(ortFp32, batch));
        contestants.put("ONNX Runtime int8", batch -> run(ortInt8, batch));
        contestants.put("Palate fp32", fp32::run);
        contestants.put("Palate bf16", bf16::run);
        BenchmarkReport.section("Engine", report(contestants, threads));
      }
    }
  }

  private static String report(Map<String, Contestant> contestants, int threads)
      throws OrtException {
    Map<String, List<TokenBatch>> shapes = new LinkedHashMap<>();
    shapes.put("2 x 64", List.of(full(2, 64)));
    shapes.put("32 x 128", List.of(full(32, 128)));
    shapes.put("4 x 512", List.of(full(4, 512)));
    shapes.put("length mix", mix());
    StringBuilder table = new StringBuilder();
    for (Map.Entry<String, List<TokenBatch>> shape : shapes.entrySet()) {
      Map<String, Double> median = medians(contestants, shape.getValue());
      double ours = median.getOrDefault("Palate bf16", Double.NaN);
      double onnxFp32 = median.getOrDefault("ONNX Runtime fp32", Double.NaN);
      double onnxInt8 = median.getOrDefault("ONNX Runtime int8", Double.NaN);
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %.2f x | %.2f x | %.1f | %.1f | %.1f | %.1f |%n",
              shape.getKey(),
              onnxFp32 / ours,
              onnxInt8 / ours,
              onnxFp32,
              onnxInt8,
              median.get("Palate fp32"),
              ours));
    }
    return String.format(
        Locale.ROOT,
        """
        all-MiniLM-L6-v2, %d threads each, medians of %d rounds in which all run in turn. The length mix is 256 texts of 8 to 256 tokens, short ones
        more often, sorted and padded as the batcher does it in batches of %d tokens. Goals: 2 x ONNX Runtime fp32, 1 x its int8.

        | batch | bf16 against ONNX fp32 | bf16 against ONNX int8 | ONNX fp32 ms | ONNX int8 ms | Palate fp32 ms | Palate bf16 ms |
        |---|---|---|---|---|---|---|
        %s
        """,
        threads,
        ROUNDS,
        BATCH_TOKENS,
        table);
  }

  private static Map<String, Double> medians(
      Map<String, Contestant> contestants, List<TokenBatch> batches) throws OrtException {
    Map<String, double[]> times = new LinkedHashMap<>();
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      for (Map.Entry<String, Contestant> each : contestants.entrySet()) {
        long start = System.nanoTime();
        for (TokenBatch batch : batches) {
          each.getValue().run(batch);
        }
        if (round >= 0) {
          times.computeIfAbsent(each.getKey(), name -> new double[ROUNDS])[round] =
              (System.nanoTime() - start) / 1e6;
        }
      }
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    times.forEach((name, all) -> {
      Arrays.sort(all);
      medians.put(name, all[ROUNDS / 2]);
    });
    return medians;
  }

  private static OrtSession.SessionOptions options(int threads) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(threads);
    return options;
  }

  private static OrtSession session(String resource, OrtSession.SessionOptions options)
      throws OrtException, IOException {
    try (InputStream onnx = EngineBench.class.getResourceAsStream(resource)) {
      return OrtEnvironment.getEnvironment().createSession(onnx.readAllBytes(), options);
    }
  }

  private static void run(OrtSession session, TokenBatch batch) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = {batch.rows(), batch.length()};
    try (OnnxTensor ids =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(batch.ids()), shape);
        OnnxTensor mask =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(batch.mask()), shape);
        OnnxTensor types =
            OnnxTensor.createTensor(
                environment, LongBuffer.wrap(new long[batch.ids().length]), shape);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
      // pooling is not ONNX Runtime's part of the work: its answer is only touched
      ((OnnxTensor) result.get(0)).getByteBuffer();
    }
  }

  private static TokenBatch full(int rows, int length) {
    Random random = new Random(1);
    List<Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      sequences.add(sequence(random, length));
    }
    return TokenBatch.of(sequences, length);
  }

  private static List<TokenBatch> mix() {
    Random random = new Random(2);
    List<Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      double u = random.nextDouble();
      sequences.add(sequence(random, (int) (8 * Math.pow(32, u * u))));
    }
    sequences.sort(Comparator.comparingInt(Sequence::length).reversed());
    return BareEngine.batches(sequences, BATCH_TOKENS);
  }

  private static Sequence sequence(Random random, int length) {
    return new Sequence(random.ints(length, 1000, 20_000).toArray(), length);
  }
}
