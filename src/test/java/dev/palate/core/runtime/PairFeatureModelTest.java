package dev.palate.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.EncoderSpec.ResponseInput;
import dev.palate.core.bundle.Head;
import dev.palate.core.bundle.TestBundles;
import dev.palate.core.model.CacheUse;
import dev.palate.core.model.EmbeddingModel;
import dev.palate.core.model.Prompt;
import dev.palate.core.model.PromptScores;
import dev.palate.core.model.ResponseScores;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.cache.CachedRewardModel;
import dev.palate.core.model.cache.ScoreCache;
import dev.palate.core.model.torch.Bf16;
import dev.palate.core.model.torch.TinyModels;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.traits.Fluency;
import dev.palate.core.traits.PairFeatures;
import dev.palate.core.traits.PairTraits;
import dev.palate.tier.NeedsEngine;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole model that compares the tokens of prompt and response. */
@NeedsEngine
class PairFeatureModelTest {

  private static final int EXPERTS = 3;
  private static final int PROMPT_TOKENS = 24;

  @TempDir private static Path temp;
  private static EncoderSpec encoder;
  private static Path with;
  private static RewardModel model;
  private static RewardModel without;

  @BeforeAll
  static void load() {
    encoder =
        TinyModels.onClassPath(ResponseInput.RESPONSE)
            .withInteraction(List.of(1, 2), PROMPT_TOKENS);
    Random random = new Random(5);
    int d = encoder.dimension();
    Head head =
        new Head(
            TestBundles.matrix(random, 8, d),
            new float[8],
            TestBundles.matrix(random, EXPERTS, 8),
            new float[EXPERTS],
            TestBundles.matrix(random, EXPERTS, d));
    Bundle bundle = TinyModels.bundle(EXPERTS, encoder, head);
    with = temp.resolve("with");
    Bundles.write(with, bundle.withPair(pair(random)));
    Bundles.write(temp.resolve("without"), bundle);
    RewardModels.writeGolden(with, settings(TorchDtype.FP32));
    model = RewardModels.load(with, settings(TorchDtype.FP32));
    without = RewardModels.load(temp.resolve("without"), settings(TorchDtype.FP32));
  }

  @AfterAll
  static void close() {
    model.close();
    without.close();
  }

  private static PairFeatures pair(Random random) {
    List<String> names = new ArrayList<>(PairFeatures.known(encoder.interactionLayers()));
    Collections.shuffle(names, random);
    float[] mean = new float[names.size()];
    float[] deviation = new float[names.size()];
    float[] low = new float[names.size()];
    float[] high = new float[names.size()];
    Arrays.fill(mean, 0.4f);
    Arrays.fill(deviation, 0.5f);
    Arrays.fill(low, -0.9f);
    Arrays.fill(high, 0.95f);
    return new PairFeatures(
        names,
        mean,
        deviation,
        low,
        high,
        TestBundles.matrix(random, EXPERTS, names.size()),
        Fluency.unknown());
  }

  private static ModelSettings settings(TorchDtype dtype) {
    return new ModelSettings(TorchDevice.CPU, dtype, temp.resolve("cache"), 512, 65_536);
  }

  private static ScoreItem item(String prompt, String... responses) {
    return new ScoreItem(new Prompt(prompt), List.of(responses));
  }

  private static PromptScores score(RewardModel of, ScoreItem item) {
    ScoreResult result = of.score(List.of(item), ScoreOptions.DEFAULT);
    return ((ScoreResult.Scored) result).items().getFirst();
  }

  private static List<ScoreItem> items(int count) {
    Random random = new Random(9);
    List<ScoreItem> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(
          item(
              words(random, 1 + random.nextInt(30)),
              words(random, random.nextInt(60)),
              words(random, 1 + random.nextInt(10))));
    }
    return items;
  }

  private static String words(Random random, int count) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add(
          List.of("tides", "moon", "why", "sea", "pulls", "water", "42").get(random.nextInt(7)));
    }
    return String.join(" ", words);
  }

  /** The definition, over the encoder's own numbers. */
  @Test
  void anExpertAddsItsWeightsOfTheStandardizedFeatures() {
    PairFeatures pair = Objects.requireNonNull(model.bundle().pair());
    int[] indices = pair.indices(encoder.interactionLayers());
    ScoreItem item = item("Why does the sea rise?", "The moon pulls at it.", "", "No idea.");
    PromptScores got = score(model, item);
    PromptScores base = score(without, item);
    assertThat(got.routing()).containsExactly(base.routing(), within(1e-6f));
    try (EmbeddingModel alone = RewardModels.openEncoder(encoder, settings(TorchDtype.FP32))) {
      for (int i = 0; i < item.responses().size(); i++) {
        String response = item.responses().get(i);
        float[] interaction =
            alone.readPairs(List.of(item.prompt()), List.of(response), n -> {}).interactions()[0];
        float[] all =
            PairFeatures.all(
                interaction, pair.traits(), PairTraits.request(item.prompt().text()), response);
        for (int k = 0; k < EXPERTS; k++) {
          double expected = base.responses().get(i).rewards()[k];
          for (int f = 0; f < indices.length; f++) {
            double clipped = Math.clamp(all[indices[f]], pair.low()[f], pair.high()[f]);
            expected += pair.weights()[k][f] * (clipped - pair.mean()[f]) / pair.deviation()[f];
          }
          assertThat((double) got.responses().get(i).rewards()[k])
              .isCloseTo(expected, within(1e-3));
        }
      }
    }
  }

  /** On rewards of standard deviation about 6. */
  @Test
  void aPairAloneScoresAsInACrowdInFp32() {
    assertThat(worstDifference(model)).isLessThan(1e-4 * 6);
  }

  @Test
  void aPairAloneScoresAlmostAsInACrowdInBf16() {
    if (!Bf16.runsHere()) {
      Bf16.assertRefused(() -> RewardModels.load(with, settings(TorchDtype.BF16)));
      return;
    }
    try (RewardModel bf16 = RewardModels.load(with, settings(TorchDtype.BF16))) {
      assertThat(worstDifference(bf16)).isLessThan(5e-2 * 6);
    }
  }

  private static double worstDifference(RewardModel of) {
    List<ScoreItem> items = items(20);
    ScoreResult together = of.score(items, ScoreOptions.DEFAULT);
    double worst = 0;
    for (int i = 0; i < items.size(); i++) {
      List<ResponseScores> crowd = ((ScoreResult.Scored) together).items().get(i).responses();
      for (int r = 0; r < crowd.size(); r++) {
        ScoreItem one = item(items.get(i).prompt().text(), items.get(i).responses().get(r));
        float[] alone = score(of, one).responses().getFirst().rewards();
        for (int k = 0; k < EXPERTS; k++) {
          worst = Math.max(worst, Math.abs(alone[k] - crowd.get(r).rewards()[k]));
        }
      }
    }
    return worst;
  }

  @Test
  void theOrderOfTheResponsesDoesNotMatter() {
    PromptScores there = score(model, item("Why does the sea rise?", "The moon.", "No idea."));
    PromptScores back = score(model, item("Why does the sea rise?", "No idea.", "The moon."));
    for (int i = 0; i < 2; i++) {
      assertThat(there.responses().get(i).rewards())
          .containsExactly(back.responses().get(1 - i).rewards(), within(1e-4f));
    }
  }

  @Test
  void aPromptIsReadOnceForAllItsResponses() {
    String[] responses = new String[64];
    for (int i = 0; i < responses.length; i++) {
      responses[i] = "answer " + i;
    }
    long before = model.counts().tokens.sum();
    PromptScores scores = score(model, item("Why does the sea rise?", responses));
    long tokens = scores.promptTokens();
    for (ResponseScores response : scores.responses()) {
      tokens += response.tokens();
    }
    assertThat(model.counts().tokens.sum() - before).isEqualTo(tokens);
  }

  @Test
  void whatWasSaidOfAPairIsRememberedForThePairAlone() {
    RewardModel cached =
        new CachedRewardModel(
            RewardModels.open(with, settings(TorchDtype.FP32)),
            new ScoreCache(1 << 20, new SimpleMeterRegistry()),
            Clock.systemUTC());
    try (cached) {
      ScoreItem item = item("Why does the sea rise?", "The moon.", "No idea.");
      PromptScores first = score(cached, item);
      long read = cached.counts().tokens.sum();

      ScoreResult hit = cached.score(List.of(item), ScoreOptions.DEFAULT);
      assertThat(((ScoreResult.Scored) hit).cache()).isEqualTo(CacheUse.HIT);
      assertThat(cached.counts().tokens.sum()).isEqualTo(read);

      ScoreItem more = item("Why does the sea rise?", "The moon.", "It does not.");
      ScoreResult partial = cached.score(List.of(more), ScoreOptions.DEFAULT);
      PromptScores partly = ((ScoreResult.Scored) partial).items().getFirst();
      assertThat(((ScoreResult.Scored) partial).cache()).isEqualTo(CacheUse.PARTIAL);
      assertThat(cached.counts().tokens.sum() - read)
          .isEqualTo(partly.promptTokens() + partly.responses().getLast().tokens());
      assertThat(partly.responses().getFirst().rewards())
          .isEqualTo(first.responses().getFirst().rewards());
      assertThat(partly.responses().getLast().rewards())
          .containsExactly(score(model, more).responses().getLast().rewards(), within(1e-4f));

      PromptScores other = score(cached, item("How far is the moon?", "The moon."));
      assertThat(other.responses().getFirst().rewards())
          .isNotEqualTo(first.responses().getFirst().rewards());
    }
  }

  @Test
  void whatIsCutOfAPromptIsSaidAndIsTheSameForAllItsResponses() {
    String chat =
        "user: " + "moon ".repeat(40) + "\n\nassistant: Yes.\n\nuser: Why does the sea rise?";
    PromptScores scores = score(model, item(chat, "The moon.", "sea ".repeat(200)));
    assertThat(scores.promptTokens()).isGreaterThan(PROMPT_TOKENS);
    assertThat(scores.promptTruncated()).isTrue();
    assertThat(scores.responses().getFirst().truncated()).isFalse();
    assertThat(scores.responses().getLast().truncated()).isTrue();
    assertThat(scores.responses().getLast().tokens()).isEqualTo(202);
  }

  /** The last user turn is read whole, whatever long text is before it. */
  @Test
  void aLongHistoryDoesNotPushTheLastUserTurnOut() {
    String history = "user: %s\n\nassistant: Yes.\n\nuser: Why does the sea rise?";
    PromptScores moon = score(model, item(history.formatted("moon ".repeat(300)), "The moon."));
    PromptScores more = score(model, item(history.formatted("moon ".repeat(400)), "The moon."));
    assertThat(moon.responses().getFirst().rewards())
        .containsExactly(more.responses().getFirst().rewards(), within(1e-4f));
    String other = history.replace("Why does the sea rise?", "How far is it?");
    PromptScores far = score(model, item(other.formatted("moon ".repeat(300)), "The moon."));
    assertThat(far.responses().getFirst().rewards())
        .isNotEqualTo(moon.responses().getFirst().rewards());
  }

  @Test
  void whereTruncationIsForbiddenTheLimitOfThePromptIsNamed() {
    ScoreOptions whole = new ScoreOptions(false, null);
    ScoreResult result = model.score(List.of(item("moon ".repeat(40), "No.")), whole);
    assertThat(result).isEqualTo(new ScoreResult.TooLong(0, -1, 42, PROMPT_TOKENS));
    ScoreResult response = model.score(List.of(item("moon", "sea ".repeat(200))), whole);
    assertThat(response).isEqualTo(new ScoreResult.TooLong(0, 0, 202, encoder.maxTokens()));
  }
}
