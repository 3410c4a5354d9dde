package dev.palate.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.Head;
import dev.palate.core.bundle.TestBundles;
import dev.palate.core.encoder.SequenceTokenizer;
import dev.palate.core.encoder.TokenBatch;
import dev.palate.core.model.EmbeddingModel;
import dev.palate.core.model.Prompt;
import dev.palate.core.model.PromptScores;
import dev.palate.core.model.ResponseScores;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.batching.Batcher;
import dev.palate.core.model.batching.Forward;
import dev.palate.core.model.batching.QueueBound;
import dev.palate.core.model.torch.Archive;
import dev.palate.core.model.torch.Bf16;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.model.torch.TorchRewardModel;
import dev.palate.tier.NeedsEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole model: bundle, tokenizer, archive, engine, batcher. */
@NeedsEngine
class RewardModelTest {

  private static final int EXPERTS = 5;

  @TempDir static Path temp;
  private static Path bundle;
  private static RewardModel fp32;

  @BeforeAll
  static void load() {
    bundle = TestBundles.randomBundle(temp.resolve("bundle"), EXPERTS, 3);
    fp32 = RewardModels.load(bundle, settings(TorchDtype.FP32, 512, 65_536));
  }

  @AfterAll
  static void close() {
    fp32.close();
  }

  @Test
  void anItemAloneScoresAsInACrowdInFp32() {
    assertThat(worstDifferenceAloneAndInACrowd(fp32)).isLessThan(1e-4);
  }

  /** The bound that is promised for bf16, on rewards of standard deviation 1. */
  @Test
  void anItemAloneScoresAlmostAsInACrowdInBf16() {
    ModelSettings settings = settings(TorchDtype.BF16, 512, 65_536);
    if (!Bf16.runsHere()) {
      Bf16.assertRefused(() -> RewardModels.load(bundle, settings));
      return;
    }
    try (RewardModel bf16 = RewardModels.load(bundle, settings)) {
      assertThat(worstDifferenceAloneAndInACrowd(bf16)).isLessThan(5e-2);
    }
  }

  /** The head written out by hand on the encoder's own answer. */
  @Test
  void expertsReadTheEmbeddingAndTheFeaturesBehindIt() {
    Path dir = TestBundles.randomBundle(temp.resolve("features"), EXPERTS, 6, 5);
    ModelSettings settings = settings(TorchDtype.FP32, 512, 65_536);
    List<String> texts = List.of("A short answer.", "Would you, perhaps, like 3 longer ones?");
    Bundle read = Bundles.read(dir);
    float[][] phi;
    try (EmbeddingModel encoder = RewardModels.openEncoder(read.encoder(), settings)) {
      phi = encoder.embed(texts, done -> {});
    }
    PromptScores scores;
    try (RewardModel model = RewardModels.load(dir, settings)) {
      scores = score(model, "prompt", texts);
    }
    Head head = Objects.requireNonNull(read.head());
    for (int i = 0; i < texts.size(); i++) {
      for (int k = 0; k < EXPERTS; k++) {
        double reward = dot(head.experts()[k], phi[i]);
        for (int f = 0; f < 6; f++) {
          double feature = dot(head.features()[f], phi[i]) + head.featuresBias()[f];
          reward += head.experts()[k][phi[i].length + f] * Math.max(0, feature);
        }
        assertThat((double) scores.responses().get(i).rewards()[k]).isCloseTo(reward, within(1e-3));
      }
    }
  }

  private static double dot(float[] row, float[] vector) {
    double sum = 0;
    for (int j = 0; j < vector.length; j++) {
      sum += row[j] * vector[j];
    }
    return sum;
  }

  @Test
  void permutingTheResponsesPermutesTheirScores() {
    List<String> responses = texts(9);
    List<String> shuffled = new ArrayList<>(responses);
    Collections.shuffle(shuffled, new Random(1));

    PromptScores first = score(fp32, "prompt", responses);
    PromptScores second = score(fp32, "prompt", shuffled);

    for (int i = 0; i < responses.size(); i++) {
      int at = shuffled.indexOf(responses.get(i));
      assertThat(second.responses().get(at).rewards())
          .containsExactly(first.responses().get(i).rewards(), within(1e-4f));
    }
  }

  @Test
  void routingIsADistribution() {
    double sum = 0;
    for (float weight : score(fp32, "Which way?", List.of("Left.")).routing()) {
      assertThat(weight).isPositive();
      sum += weight;
    }
    assertThat(sum).isCloseTo(1, within(1e-6));
  }

  @Test
  void aTextAtTheLimitIsReadWholeAndOneTokenMoreIsTruncated() {
    int room = fp32.placement().maxTokens() - 2;
    PromptScores scores =
        score(fp32, "p", List.of(words(room - 1), words(room), words(room + 1), words(5000)));

    assertThat(scores.responses().stream().map(ResponseScores::tokens))
        .containsExactly(room + 1, room + 2, room + 3, 5002);
    assertThat(scores.responses().stream().map(ResponseScores::truncated))
        .containsExactly(false, false, true, true);
  }

  @Test
  void aTextOverTheLimitIsRefusedWhereTruncationIsForbidden() {
    int limit = fp32.placement().maxTokens();
    ScoreResult result =
        fp32.score(
            List.of(
                new ScoreItem(new Prompt("p"), List.of("a")),
                new ScoreItem(new Prompt("p"), List.of("a", words(limit)))),
            new ScoreOptions(false, null));

    assertThat(result).isEqualTo(new ScoreResult.TooLong(1, 1, limit + 2, limit));
  }

  @Test
  void aTextThatSpellsASpecialTokenIsThoseCharacters() {
    PromptScores scores =
        score(fp32, "p", List.of("a [SEP] b", "a [ SEP] b", "[CLS]", "[MASK]", "[PAD]"));

    // a, [, sep, ], b and the two that frame a text
    assertThat(scores.responses().getFirst().tokens()).isEqualTo(7);
    assertThat(scores.responses().get(0).rewards()).isEqualTo(scores.responses().get(1).rewards());
    // bracket, word or its pieces, bracket; the token itself would make 3 of each
    assertThat(scores.responses().subList(2, 5))
        .allSatisfy(response -> assertThat(response.tokens()).isGreaterThan(4));
  }

  @Test
  void whatTheModelAnswersWithNaNIsNamedByItsItem() {
    Bundle read = Bundles.read(bundle);
    SequenceTokenizer tokenizer =
        new SequenceTokenizer(Archive.tokenizer(read.encoder()), read.encoder().maxTokens());
    try (Batcher batcher =
            new Batcher(
                "nan",
                List.of(NanOverTenTokens::new),
                512,
                QueueBound.ofTokens(65_536),
                Clock.systemUTC());
        RewardModel model = new TorchRewardModel(read, fp32.placement(), tokenizer, batcher)) {
      ScoreResult result =
          model.score(
              List.of(
                  new ScoreItem(new Prompt("p"), List.of("fine")),
                  new ScoreItem(new Prompt("p"), List.of("fine", words(11)))),
              ScoreOptions.DEFAULT);

      assertThat(result).isEqualTo(new ScoreResult.NotFinite(1));
    }
  }

  @Test
  void aFullQueueRefusesBeforeAnythingIsTokenized() {
    Bundle read = Bundles.read(bundle);
    SequenceTokenizer tokenizer =
        new SequenceTokenizer(Archive.tokenizer(read.encoder()), read.encoder().maxTokens());
    tokenizer.close(); // whoever tokenizes now fails
    try (Batcher batcher =
            new Batcher(
                "full",
                List.of(NanOverTenTokens::new),
                512,
                QueueBound.ofTokens(512),
                Clock.systemUTC());
        Batcher.Permit all = batcher.tryAdmit(512);
        RewardModel model = new TorchRewardModel(read, fp32.placement(), tokenizer, batcher)) {
      ScoreResult result =
          model.score(List.of(new ScoreItem(new Prompt("p"), List.of("a"))), ScoreOptions.DEFAULT);

      assertThat(result).isInstanceOf(ScoreResult.Overloaded.class);
      assertThat(model.counts().refused()).isEqualTo(1);
    }
  }

  @Test
  void whatWasReservedIsGivenBackWhenTheCallIsOver() {
    score(fp32, "p", texts(5));
    assertThat(fp32.waitingTokens()).isZero();
  }

  /** A forward pass that breaks on long texts. */
  private static final class NanOverTenTokens implements Forward {
    @Override
    public float[][] run(TokenBatch batch) {
      float[][] rows = new float[batch.rows()][2 * EXPERTS];
      for (int i = 0; i < rows.length; i++) {
        rows[i][0] = batch.mask()[i * batch.length() + 10] == 1 ? Float.NaN : 1;
      }
      return rows;
    }

    @Override
    public void close() {}
  }

  @Test
  void pastItsDeadlineNothingIsComputed() {
    ScoreResult result =
        fp32.score(
            List.of(new ScoreItem(new Prompt("p"), List.of("a"))),
            new ScoreOptions(true, Instant.EPOCH));

    assertThat(result).isInstanceOf(ScoreResult.DeadlineExceeded.class);
  }

  @Test
  void aRequestLargerThanTheWholeQueueIsServedWhenNothingWaits() {
    try (RewardModel small = RewardModels.load(bundle, settings(TorchDtype.FP32, 64, 64))) {
      assertThat(score(small, "p", texts(40)).responses()).hasSize(40);
    }
  }

  @Test
  void aSecondLoadFindsTheArchiveAndDoesNotWriteItAgain() throws IOException {
    List<Object> before = archives();
    RewardModels.load(bundle, settings(TorchDtype.FP32, 512, 65_536)).close();
    assertThat(archives()).isEqualTo(before);
  }

  /** As in an image: nothing is written at the start, and what was written ahead is checked. */
  @Test
  void anArchiveBesideTheBundleIsUsedAndNoneIsWritten() throws IOException {
    Path dir = TestBundles.randomBundle(temp.resolve("prepared"), EXPERTS, 6);
    Path assembled = dir.resolve("assembled");
    RewardModels.load(dir, cachedIn(assembled)).close();
    Path nowhere = temp.resolve("never-made");

    RewardModels.load(dir, cachedIn(nowhere)).close();

    assertThat(nowhere).doesNotExist();
    flipByte(archiveIn(assembled), 4096);
    assertThatThrownBy(() -> RewardModels.load(dir, cachedIn(nowhere)))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("SHA-256");
  }

  private static ModelSettings cachedIn(Path dir) {
    return new ModelSettings(TorchDevice.CPU, TorchDtype.FP32, dir, 512, 65_536);
  }

  private static Path archiveIn(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.filter(f -> f.toString().endsWith(".pt")).findFirst().orElseThrow();
    }
  }

  @Test
  void aDamagedArchiveIsNotShownToTheEngine() throws IOException {
    Path cache = temp.resolve("damaged");
    ModelSettings settings = cachedIn(cache);
    RewardModels.load(bundle, settings).close();
    flipByte(archiveIn(cache), 4096);

    assertThatThrownBy(() -> RewardModels.load(bundle, settings))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("SHA-256")
        .hasMessageContaining("Delete");
  }

  @Test
  void aDamagedHeadIsRefusedByItsName() throws IOException {
    Path damaged = TestBundles.randomBundle(temp.resolve("damaged-bundle"), EXPERTS, 4);
    flipByte(damaged.resolve("head.safetensors"), 2000);

    assertThatThrownBy(() -> Bundles.read(damaged))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("head.safetensors");
  }

  @Test
  void aDirectoryThatIsNoBundleIsSaidSo() {
    assertThatThrownBy(() -> Bundles.read(temp.resolve("nowhere")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("palate.model.bundle");
  }

  private static double worstDifferenceAloneAndInACrowd(RewardModel model) {
    List<String> responses = texts(60);
    PromptScores crowd = score(model, "A prompt of some length, to be routed.", responses);
    double worst = 0;
    for (int i = 0; i < responses.size(); i += 7) {
      PromptScores alone =
          score(model, "A prompt of some length, to be routed.", List.of(responses.get(i)));
      for (int k = 0; k < EXPERTS; k++) {
        worst =
            Math.max(
                worst,
                Math.abs(
                    alone.responses().getFirst().rewards()[k]
                        - crowd.responses().get(i).rewards()[k]));
        worst = Math.max(worst, Math.abs(alone.routing()[k] - crowd.routing()[k]));
      }
    }
    return worst;
  }

  private static PromptScores score(RewardModel model, String prompt, List<String> responses) {
    ScoreResult result =
        model.score(List.of(new ScoreItem(new Prompt(prompt), responses)), ScoreOptions.DEFAULT);
    assertThat(result).isInstanceOf(ScoreResult.Scored.class);
    return ((ScoreResult.Scored) result).items().getFirst();
  }

  private static ModelSettings settings(TorchDtype dtype, int batch, int queue) {
    return new ModelSettings(TorchDevice.CPU, dtype, temp.resolve("cache"), batch, queue);
  }

  /** Distinct texts of 1 to about 200 tokens. */
  private static List<String> texts(int count) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add("Answer " + i + ": " + words(1 + (i * 37) % 180));
    }
    return texts;
  }

  private static String words(int count) {
    return String.join(" ", Collections.nCopies(count, "word"));
  }

  private static void flipByte(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 0x40;
    Files.write(file, bytes);
  }

  private static List<Object> archives() throws IOException {
    List<Object> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(temp.resolve("cache")).sorted()) {
      for (Path file : files.toList()) {
        found.add(file + " " + Files.getLastModifiedTime(file));
      }
    }
    return found;
  }
}
