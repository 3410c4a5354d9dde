package dev.palate.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.TestBundles;
import dev.palate.core.model.Prompt;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.traits.Fluency;
import dev.palate.core.traits.InteractionFeatures;
import dev.palate.core.traits.PairFeatures;
import dev.palate.journey.BenchmarkReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What it costs to compare the tokens of prompt and response: a model of random experts with one
 * layer compared against the same without, on the same kind of new texts, in turn. {@code mvn
 * -Pbench verify -Dit.test=InteractionBench} writes docs/benchmarks.md.
 */
class InteractionBench {

  private static final int EXPERTS = 8;
  private static final int TOKENS = 512;
  private static final int PROMPT_TOKENS = 256;
  private static final List<Integer> LAYERS = List.of(3);

  @TempDir Path temp;

  private final Random random = new Random(6);

  @Test
  void pairsAgainstTextsAlone() throws IOException {
    Bundle plain = Bundles.read(TestBundles.randomBundle(temp.resolve("plain"), EXPERTS, 5));
    ModelSettings settings =
        new ModelSettings(TorchDevice.CPU, TorchDtype.AUTO, temp.resolve("cache"), 4096, 1 << 20);
    try (RewardModel without = open(plain, List.of(), settings);
        RewardModel with = open(plain, LAYERS, settings)) {
      double[] two = inTurn(without, with, 2, 50, 31);
      double[] many = inTurn(without, with, 64, 500, 7);
      BenchmarkReport.section(
          "Interaction",
          String.format(
              Locale.ROOT,
              """
              One layer of the demo's encoder compared, %s, texts of 150 words, each new; medians. Goals: at most 2 x, and at most 1.3 x.

              | | ratio | texts alone, ms | compared, ms |
              |---|---|---|---|
              | a prompt of 50 words, 2 responses | %.2f | %.1f | %.1f |
              | a prompt of 500 words, 64 responses | %.2f | %.0f | %.0f |
              """,
              with.placement().dtype(),
              two[1] / two[0],
              two[0],
              two[1],
              many[1] / many[0],
              many[0],
              many[1]));
    }
  }

  private RewardModel open(Bundle plain, List<Integer> layers, ModelSettings settings) {
    EncoderSpec of = plain.encoder();
    EncoderSpec encoder =
        new EncoderSpec(
                of.kind(),
                of.source(),
                of.sha256(),
                of.dimension(),
                TOKENS,
                of.responseInput(),
                of.styleFeatures())
            .withInteraction(layers, PROMPT_TOKENS);
    Bundle bundle =
        new Bundle(
            plain.name(),
            "",
            encoder,
            plain.head(),
            plain.scale(),
            plain.labelNoise(),
            plain.topM(),
            plain.prior(),
            plain.meanRouting(),
            plain.experts(),
            plain.data(),
            plain.metrics());
    Path dir = temp.resolve("layers" + layers.size());
    Bundles.write(dir, layers.isEmpty() ? bundle : bundle.withPair(pair()));
    return RewardModels.load(dir, settings);
  }

  private PairFeatures pair() {
    int f = InteractionFeatures.PER_LAYER * LAYERS.size();
    float[] ones = new float[f];
    Arrays.fill(ones, 1);
    return new PairFeatures(
        InteractionFeatures.names(LAYERS),
        new float[f],
        ones,
        new float[f],
        ones,
        TestBundles.matrix(random, EXPERTS, f),
        Fluency.unknown());
  }

  /** Milliseconds without and with. */
  private double[] inTurn(
      RewardModel without, RewardModel with, int responses, int promptWords, int rounds) {
    double[][] times = new double[2][rounds];
    for (int round = -2; round < rounds; round++) {
      for (int model = 0; model < 2; model++) {
        double took = score(model == 0 ? without : with, responses, promptWords);
        if (round >= 0) {
          times[model][round] = took;
        }
      }
    }
    for (double[] of : times) {
      Arrays.sort(of);
    }
    return new double[] {times[0][rounds / 2], times[1][rounds / 2]};
  }

  private double score(RewardModel model, int responses, int promptWords) {
    ScoreItem item =
        new ScoreItem(
            new Prompt(words(promptWords)),
            IntStream.range(0, responses).mapToObj(i -> words(150)).toList());
    long start = System.nanoTime();
    ScoreResult result = model.score(List.of(item), ScoreOptions.DEFAULT);
    double took = (System.nanoTime() - start) / 1e6;
    assertThat(result).isInstanceOf(ScoreResult.Scored.class);
    return took;
  }

  private String words(int count) {
    List<String> words = List.of("tides", "moon", "because", "sea", "pulls", "water", "river");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(words.get(random.nextInt(words.size()))).append(' ');
    }
    return text.append(random.nextInt(1_000_000)).toString();
  }
}
