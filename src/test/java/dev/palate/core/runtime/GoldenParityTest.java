package dev.palate.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.encoder.Sequence;
import dev.palate.core.encoder.SequenceTokenizer;
import dev.palate.core.model.EmbeddingModel;
import dev.palate.core.model.torch.Archive;
import dev.palate.core.model.torch.Bf16;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.tier.NeedsEngine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The encoder against ONNX Runtime on the same weights (promise 1). */
@NeedsEngine
class GoldenParityTest {
  private static final EncoderSpec ENCODER =
      RewardModels.defaultEncoder(EncoderSpec.ResponseInput.RESPONSE);

  @TempDir Path cache;

  @Test
  void fp32AgreesWithOnnxRuntime() throws Exception {
    assertThat(worstRelativeError(TorchDtype.FP32)).isLessThan(1e-5);
  }

  @Test
  void bf16AgreesWithOnnxRuntimeToItsPrecision() throws Exception {
    if (!Bf16.runsHere()) {
      Bf16.assertRefused(() -> worstRelativeError(TorchDtype.BF16));
      return;
    }
    assertThat(worstRelativeError(TorchDtype.BF16)).isLessThan(2e-2);
  }

  private double worstRelativeError(TorchDtype dtype) throws Exception {
    List<String> texts = texts();
    ModelSettings settings = new ModelSettings(TorchDevice.CPU, dtype, cache, 2048, 65_536);
    float[][] ours;
    try (EmbeddingModel model = RewardModels.openEncoder(ENCODER, settings)) {
      ours = model.embed(texts, done -> {});
    }
    float[][] reference = reference(texts);
    double worst = 0;
    for (int i = 0; i < texts.size(); i++) {
      worst = Math.max(worst, relativeError(ours[i], reference[i]));
    }
    return worst;
  }

  /** Norm of the difference over the norm of the reference. */
  private static double relativeError(float[] ours, float[] reference) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < reference.length; i++) {
      difference += Math.pow(ours[i] - reference[i], 2);
      norm += Math.pow(reference[i], 2);
    }
    return Math.sqrt(difference / norm);
  }

  /** Each text alone and unpadded through ONNX Runtime, mean-pooled, scaled to length 1. */
  private static float[][] reference(List<String> texts) throws OrtException, IOException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (InputStream onnx = GoldenParityTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx");
        SequenceTokenizer tokenizer =
            new SequenceTokenizer(Archive.tokenizer(ENCODER), ENCODER.maxTokens());
        OrtSession session = environment.createSession(onnx.readAllBytes())) {
      List<float[]> rows = new ArrayList<>();
      for (Sequence sequence : tokenizer.single(texts)) {
        rows.add(pooled(environment, session, sequence));
      }
      return rows.toArray(float[][]::new);
    }
  }

  private static float[] pooled(OrtEnvironment environment, OrtSession session, Sequence sequence)
      throws OrtException {
    int n = sequence.length();
    long[][] ids = new long[1][n];
    long[][] ones = new long[1][n];
    for (int t = 0; t < n; t++) {
      ids[0][t] = sequence.ids()[t];
      ones[0][t] = 1;
    }
    try (OnnxTensor input = OnnxTensor.createTensor(environment, ids);
        OnnxTensor mask = OnnxTensor.createTensor(environment, ones);
        OnnxTensor types = OnnxTensor.createTensor(environment, new long[1][n]);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", input, "attention_mask", mask, "token_type_ids", types))) {
      float[][] states = ((float[][][]) result.get(0).getValue())[0];
      double[] mean = new double[states[0].length];
      double norm = 0;
      for (int j = 0; j < mean.length; j++) {
        for (float[] state : states) {
          mean[j] += state[j] / n;
        }
        norm += mean[j] * mean[j];
      }
      float[] row = new float[mean.length];
      for (int j = 0; j < row.length; j++) {
        row[j] = (float) (mean[j] / Math.sqrt(norm));
      }
      return row;
    }
  }

  private static List<String> texts() {
    List<String> texts =
        new ArrayList<>(
            List.of(
                "",
                " \t\n",
                "👩‍🚀🚀🇪🇺 emoji 😀",
                "שלום עולם, كيف حالك؟",
                "NUL \0 inside \0",
                "lone high \uD83D, lone low \uDE00",
                "\uDC00",
                "汉字和かなと한글",
                "e\u0301 decomposed, \uFEFF mark, \uFFFD",
                "word ".repeat(20_000),
                "x".repeat(100_000)));
    Random random = new Random(7);
    while (texts.size() < 200) {
      StringBuilder text = new StringBuilder();
      int words = 1 + random.nextInt(60);
      for (int w = 0; w < words; w++) {
        for (int c = 2 + random.nextInt(7); c > 0; c--) {
          text.append((char) ('a' + random.nextInt(26)));
        }
        text.append(random.nextInt(9) == 0 ? ". " : " ");
      }
      texts.add(text.toString());
    }
    return texts;
  }
}
