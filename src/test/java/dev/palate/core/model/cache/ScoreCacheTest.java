package dev.palate.core.model.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.TestBundles;
import dev.palate.core.model.CacheUse;
import dev.palate.core.model.PassageModel;
import dev.palate.core.model.PassageReading;
import dev.palate.core.model.PassageScore;
import dev.palate.core.model.Prompt;
import dev.palate.core.model.PromptScores;
import dev.palate.core.model.ResponseScores;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.ScoreTimings;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.core.runtime.RewardModels;
import dev.palate.tier.NeedsEngine;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is remembered, for how long, and that nobody can tell a hit from a miss by its scores. */
@NeedsEngine
class ScoreCacheTest {

  private static final ScoreOptions WHOLE = new ScoreOptions(false, null);

  @TempDir Path temp;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ScoreCache cache = new ScoreCache(1 << 20, meters);
  private final CountingModel inner = new CountingModel(EncoderSpec.ResponseInput.RESPONSE);
  private final RewardModel model = cached(inner);

  private RewardModel cached(PassageModel inner) {
    return new CachedRewardModel(inner, cache, Clock.systemUTC());
  }

  /** RELIABILITY 6, on the engine itself. */
  @ParameterizedTest
  @EnumSource(EncoderSpec.ResponseInput.class)
  void aHitEqualsAMissBitForBitAndANewModelVersionNeverSeesAnOldEntry(
      EncoderSpec.ResponseInput responseInput) {
    ModelSettings settings =
        new ModelSettings(TorchDevice.CPU, TorchDtype.AUTO, temp.resolve("cache"), 2048, 65_536);
    Path old = TestBundles.randomBundle(temp.resolve("old"), 4, 1, responseInput);
    Path successor = TestBundles.randomBundle(temp.resolve("new"), 4, 2, responseInput);
    List<ScoreItem> items = List.of(item("Which way?", "Left.", "Right, of course."));

    try (RewardModel first = cached(RewardModels.open(old, settings));
        PassageModel bare = RewardModels.open(successor, settings);
        RewardModel second = cached(bare)) {
      ScoreResult.Scored miss = scored(first, items);
      ScoreResult.Scored hit = scored(first, items);
      assertThat(miss.cache()).isEqualTo(CacheUse.MISS);
      assertThat(hit.cache()).isEqualTo(CacheUse.HIT);
      assertThat(bits(hit)).isEqualTo(bits(miss));

      ScoreResult.Scored ofTheNew = scored(second, items);
      assertThat(ofTheNew.cache()).isEqualTo(CacheUse.MISS);
      assertThat(bits(ofTheNew)).isEqualTo(bits(scored(bare, items))).isNotEqualTo(bits(miss));

      // and a rollback finds what it had said
      assertThat(bits(scored(first, items))).isEqualTo(bits(miss));
      assertThat(scored(first, items).timings()).isEqualTo(ScoreTimings.NONE);
    }
  }

  @Test
  void aTextIsReadOnceWhoeverAsksAndInWhicheverCompany() {
    scored(model, List.of(item("p", "a", "b")));
    ScoreResult.Scored again = scored(model, List.of(item("q", "b", "c"), item("p", "a")));

    assertThat(again.cache()).isEqualTo(CacheUse.PARTIAL);
    assertThat(List.of("p", "q", "a", "b", "c")).allMatch(text -> inner.reads(text) == 1);
  }

  @Test
  void whatIsSharedByAHitAndAMissIsTheSame() {
    ScoreResult.Scored alone = scored(model, List.of(item("p", "a", "b")));
    ScoreResult.Scored among = scored(model, List.of(item("q", "x"), item("p", "b", "y", "a")));

    assertThat(among.items().get(1).routing()).isEqualTo(alone.items().getFirst().routing());
    assertThat(among.items().get(1).responses().get(2).rewards())
        .isEqualTo(alone.items().getFirst().responses().getFirst().rewards());
    assertThat(among.items().get(1).responses().get(0).rewards())
        .isEqualTo(alone.items().getFirst().responses().get(1).rewards());
  }

  @Test
  void aTextAsAPromptIsNotTheSameTextAsAResponse() {
    scored(model, List.of(item("same", "same")));

    assertThat(inner.reads("same")).isEqualTo(2);
    PromptScores scores = scored(model, List.of(item("same", "same"))).items().getFirst();
    assertThat(scores.routing()).isNotEqualTo(scores.responses().getFirst().rewards());
  }

  @Test
  void whereTheEncoderReadsPromptAndResponseOneResponseToTwoPromptsIsTwoTexts() {
    CountingModel joint = new CountingModel(EncoderSpec.ResponseInput.PROMPT_AND_RESPONSE);
    RewardModel cached = cached(joint);
    scored(cached, List.of(item("p", "a")));
    scored(cached, List.of(item("q", "a")));
    // parted elsewhere, the same characters
    scored(cached, List.of(item("pa", ""), item("", "pa")));

    assertThat(joint.reads("qa")).isEqualTo(1);
    assertThat(joint.reads("pa")).as("p+a, pa as a prompt, pa+'', ''+pa").isEqualTo(4);
  }

  @Test
  void textsThatDifferInALoneSurrogateAreTwo() {
    scored(model, List.of(item("p", "\uD800", "?", "\uFFFD", "\uDC00")));
    assertThat(cache.texts()).isEqualTo(5);
  }

  @Test
  void aHitRemembersTokensAndTruncationAndRefusesWhereThatIsForbidden() {
    String longText = "x".repeat(CountingModel.LIMIT + 1);
    List<ScoreItem> items = List.of(item("p", "a"), item("p", "a", longText));
    ScoreResult fresh =
        cached(new CountingModel(EncoderSpec.ResponseInput.RESPONSE)).score(items, WHOLE);
    scored(model, items);

    ResponseScores hit = scored(model, items).items().get(1).responses().get(1);
    assertThat(hit.tokens()).isEqualTo(CountingModel.LIMIT + 1);
    assertThat(hit.truncated()).isTrue();
    assertThat(model.score(items, WHOLE))
        .isEqualTo(new ScoreResult.TooLong(1, 1, CountingModel.LIMIT + 1, CountingModel.LIMIT))
        .isEqualTo(fresh);
    assertThat(inner.reads(longText)).isEqualTo(1);
  }

  @Test
  void aTooLongTextAmongHitsIsNamedByItsPlace() {
    scored(model, List.of(item("p", "a")));
    String longText = "x".repeat(CountingModel.LIMIT + 1);

    assertThat(model.score(List.of(item("p", "a"), item("q", "a", longText)), WHOLE))
        .isEqualTo(new ScoreResult.TooLong(1, 1, CountingModel.LIMIT + 1, CountingModel.LIMIT));
    assertThat(inner.reads("q")).as("refused whole: nothing was read").isZero();
  }

  @Test
  void whatIsNotFiniteIsNeverRemembered() {
    List<ScoreItem> items = List.of(item("p", "a"), item("p", "NaN"));

    assertThat(model.score(items, ScoreOptions.DEFAULT)).isEqualTo(new ScoreResult.NotFinite(1));
    assertThat(model.score(items, ScoreOptions.DEFAULT)).isEqualTo(new ScoreResult.NotFinite(1));
    assertThat(inner.reads("NaN")).isEqualTo(2);
    assertThat(inner.reads("a")).as("its neighbour is remembered").isEqualTo(1);
  }

  @Test
  void aRefusalIsNotRemembered() {
    inner.way((passages, options, itself) ->
        new PassageReading.Refused(new ScoreResult.Overloaded(Duration.ofSeconds(2))));
    List<ScoreItem> items = List.of(item("p", "a"));

    assertThat(model.score(items, ScoreOptions.DEFAULT))
        .isEqualTo(new ScoreResult.Overloaded(Duration.ofSeconds(2)));
    inner.way((passages, options, itself) -> itself.itself(passages, options));
    assertThat(scored(model, items).cache()).isEqualTo(CacheUse.MISS);
  }

  @Test
  void itStaysWithinItsBytesAndCountsWhatItForgets() {
    long bound = 100_000;
    ScoreCache small = new ScoreCache(bound, meters);
    RewardModel cached = new CachedRewardModel(inner, small, Clock.systemUTC());
    for (int i = 0; i < 20; i++) {
      String name = "t" + i + "-";
      scored(cached, List.of(item("p", IntStream.range(0, 60).mapToObj(n -> name + n).toList())));
    }

    assertThat(small.bytes()).isBetween(bound / 2, bound);
    assertThat(small.bytes() / small.texts())
        .isEqualTo(ScoreCache.bytes(new PassageScore(new float[CountingModel.EXPERTS], 1, false)));
    assertThat(meters.get("palate.score.cache.evictions").counter().count()).isGreaterThan(500);
  }

  @Test
  void lookupsAreCountedByWhatBecameOfThem() {
    scored(model, List.of(item("p", "a", "b")));
    scored(model, List.of(item("p", "a", "c")));

    assertThat(lookups("miss")).isEqualTo(4);
    assertThat(lookups("hit")).isEqualTo(2);
  }

  private double lookups(String result) {
    return meters.get("palate.score.cache.lookups").tag("result", result).counter().count();
  }

  private static ScoreItem item(String prompt, String... responses) {
    return item(prompt, List.of(responses));
  }

  private static ScoreItem item(String prompt, List<String> responses) {
    return new ScoreItem(new Prompt(prompt), responses);
  }

  private static ScoreResult.Scored scored(RewardModel model, List<ScoreItem> items) {
    return (ScoreResult.Scored) model.score(items, ScoreOptions.DEFAULT);
  }

  private static List<Integer> bits(ScoreResult.Scored scored) {
    List<Integer> bits = new ArrayList<>();
    for (PromptScores item : scored.items()) {
      for (float weight : item.routing()) {
        bits.add(Float.floatToRawIntBits(weight));
      }
      bits.add(item.promptTokens());
      for (ResponseScores response : item.responses()) {
        for (float reward : response.rewards()) {
          bits.add(Float.floatToRawIntBits(reward));
        }
        bits.add(response.tokens());
      }
    }
    return bits;
  }
}
