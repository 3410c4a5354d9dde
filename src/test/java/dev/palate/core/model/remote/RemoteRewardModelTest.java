package dev.palate.core.model.remote;

import static dev.palate.core.model.remote.EmbeddingsServer.body;
import static dev.palate.core.model.remote.EmbeddingsServer.status;
import static dev.palate.core.model.remote.EmbeddingsServer.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palate.cli.BundleCommand;
import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.EncoderSpec.ResponseInput;
import dev.palate.core.bundle.Head;
import dev.palate.core.bundle.HeadForward;
import dev.palate.core.bundle.TestBundles;
import dev.palate.core.model.Prompt;
import dev.palate.core.model.PromptScores;
import dev.palate.core.model.ResponseScores;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.ScoreTimings;
import dev.palate.core.model.torch.TinyModels;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.core.runtime.RewardModels;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** Bundles whose encoder is served elsewhere, over real HTTP. */
class RemoteRewardModelTest {
  private static final int K = 3;
  private static final int MAX_TOKENS = 16; // 64 characters
  private static final String PROMPT = "Which tree is it?";

  private final EmbeddingsServer server = new EmbeddingsServer();
  @TempDir private Path dir;

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(ResponseInput.class)
  void rewardsAndRoutingAreTheHeadsOfTheServersEmbeddings(ResponseInput input) {
    Bundle bundle = bundle(input, 5);
    HeadForward forward = new HeadForward(Objects.requireNonNull(bundle.head()));
    try (RewardModel model = load(0)) {
      PromptScores scores = scored(model.score(item("a birch", "a fir"), ScoreOptions.DEFAULT));
      assertThat(scores.routing())
          .containsExactly(forward.routing(server.expected(PROMPT)), within(1e-5f));
      String before = input == ResponseInput.RESPONSE ? "" : PROMPT + "\n\n";
      assertThat(scores.responses().get(1).rewards())
          .containsExactly(forward.rewards(server.expected(before + "a fir")), within(1e-4f));
      assertThat(scores.responses().get(1).truncated()).isFalse();
    }
  }

  @Test
  void theHeadsFormulasHold() {
    Random random = new Random(2);
    Head head =
        new Head(
            TestBundles.matrix(random, 4, 5),
            TestBundles.matrix(random, 1, 4)[0],
            TestBundles.matrix(random, K, 4),
            TestBundles.matrix(random, 1, K)[0],
            TestBundles.matrix(random, 6, 5),
            TestBundles.matrix(random, 1, 6)[0],
            TestBundles.matrix(random, K, 11));
    float[] phi = TestBundles.matrix(random, 1, 5)[0];
    float[] rewards = new HeadForward(head).rewards(phi);
    for (int k = 0; k < K; k++) {
      double sum = 0;
      for (int j = 0; j < 5; j++) {
        sum += head.experts()[k][j] * phi[j];
      }
      for (int f = 0; f < 6; f++) {
        double feature = head.featuresBias()[f];
        for (int j = 0; j < 5; j++) {
          feature += head.features()[f][j] * phi[j];
        }
        sum += head.experts()[k][5 + f] * Math.max(0, feature);
      }
      assertThat((double) rewards[k]).isCloseTo(sum, within(1e-5));
    }
    float total = 0;
    for (float weight : new HeadForward(head).routing(phi)) {
      total += weight;
    }
    assertThat(total).isCloseTo(1, within(1e-6f));
  }

  @Test
  void aTextIsEmbeddedOnceHoweverOftenACallHoldsIt() {
    bundle(ResponseInput.RESPONSE, 0);
    try (RewardModel model = load(0)) {
      server.forget();
      model.score(
          List.of(
              new ScoreItem(new Prompt(PROMPT), List.of("a birch", PROMPT, "a birch")),
              new ScoreItem(new Prompt(PROMPT), List.of("a fir"))),
          ScoreOptions.DEFAULT);
      assertThat(server.asked()).hasSize(1);
      assertThat(server.asked().getFirst().texts()).containsExactly(PROMPT, "a birch", "a fir");
    }
  }

  @Test
  void anEmptyTextIsScored() {
    bundle(ResponseInput.RESPONSE, 0);
    try (RewardModel model = load(0)) {
      assertThat(model.score(item(""), ScoreOptions.DEFAULT))
          .isInstanceOf(ScoreResult.Scored.class);
    }
  }

  @Test
  void aLongTextKeepsItsBeginningAndItsEndAndSaysSo() {
    bundle(ResponseInput.RESPONSE, 0);
    String text = "first " + "x".repeat(90) + " last";
    try (RewardModel model = load(0)) {
      server.forget();
      PromptScores scores = scored(model.score(item(text), ScoreOptions.DEFAULT));
      assertThat(scores.responses().getFirst().truncated()).isTrue();
      assertThat(scores.responses().getFirst().tokens()).isEqualTo(26);
      assertThat(server.asked().getFirst().texts().get(1))
          .hasSize(4 * MAX_TOKENS)
          .startsWith("first x")
          .endsWith("x last");
      assertThat(model.score(item("short", text), new ScoreOptions(false, null)))
          .isEqualTo(new ScoreResult.TooLong(0, 1, 26, MAX_TOKENS));
    }
  }

  @Test
  void aTextThatOnlyTheServerFindsTooLongIsRefusedWhereTruncationIsForbidden() {
    bundle(ResponseInput.RESPONSE, 0);
    try (RewardModel model = load(0)) {
      server.mostCharacters(50);
      String text = "birch ".repeat(10);
      assertThat(scored(model.score(item(text), ScoreOptions.DEFAULT)).responses().getFirst())
          .matches(ResponseScores::truncated)
          .matches(scores -> scores.tokens() == MAX_TOKENS + 1);
      assertThat(model.score(item(text), new ScoreOptions(false, null)))
          .isInstanceOf(ScoreResult.TooLong.class);
    }
  }

  @Test
  void noSurrogateIsTornByACut() {
    String text = "🙂".repeat(40);
    for (int room = 8; room < 40; room++) {
      assertThat(RemoteText.lone(text).cut(room))
          .doesNotContain("\uFFFD")
          .hasSizeBetween(room - 2, room);
    }
  }

  @Test
  void aPairGivesItsResponseTheRoomAndItsPromptAQuarter() {
    RemoteText pair = new RemoteText("p".repeat(100), "r".repeat(100));
    assertThat(pair.cut(42)).isEqualTo("p".repeat(10) + "\n\n" + "r".repeat(30));
    assertThat(new RemoteText("p".repeat(100), "rr").cut(42)).isEqualTo("p".repeat(38) + "\n\nrr");
  }

  @Test
  void aServerThatIsAwayIsUnavailableAndTheModelLivesOn() {
    bundle(ResponseInput.RESPONSE, 0);
    try (RewardModel model = load(0)) {
      server.next(status(503, "Retry-After", "7"));
      assertThat(model.score(item("a birch"), ScoreOptions.DEFAULT))
          .isEqualTo(new ScoreResult.Unavailable(Duration.ofSeconds(7)));
      assertThat(model.isAlive()).isTrue();
      assertThat(model.waitingTokens()).isZero();
      assertThat(model.score(item("a birch"), ScoreOptions.DEFAULT))
          .isInstanceOf(ScoreResult.Scored.class);
    }
  }

  @Test
  void aModelThatWasChangedBehindOurBackGivesNoScores() {
    bundle(ResponseInput.RESPONSE, 0);
    try (RewardModel model = load(0)) {
      server.dimension(EmbeddingsServer.DIMENSION + 1);
      assertThat(model.score(item("a birch"), ScoreOptions.DEFAULT))
          .isInstanceOf(ScoreResult.Unavailable.class);
    }
  }

  @Test
  void whatIsNotFiniteIsSaidOfItsItem() {
    bundle(ResponseInput.RESPONSE, 0);
    try (RewardModel model = load(0)) {
      server.next(
          body(
              """
              {"data": [{"index": 0, "embedding": [%s0]}, {"index": 1, "embedding": [%sNaN]}]}\
              """
                  .formatted("1,".repeat(23), "1,".repeat(23))));
      assertThat(model.score(item("a birch"), ScoreOptions.DEFAULT))
          .isEqualTo(new ScoreResult.NotFinite(0));
    }
  }

  @Test
  void aPassedDeadlineIsOne() {
    bundle(ResponseInput.RESPONSE, 0);
    try (RewardModel model = load(0)) {
      server.next(server.hang());
      ScoreOptions options = new ScoreOptions(true, Instant.now().plusMillis(300));
      assertThat(model.score(item("a birch"), options))
          .isEqualTo(new ScoreResult.DeadlineExceeded());
      assertThat(model.counts().expired()).isEqualTo(1);
    }
  }

  @Test
  void moreThanTheQueueIsRefusedAtOnceAndACallAloneNever() {
    bundle(ResponseInput.RESPONSE, 0);
    CountDownLatch open = new CountDownLatch(1);
    try (RewardModel model = load(0, 8)) {
      server.forget();
      server.next(waitFor(open));
      CompletableFuture<ScoreResult> first =
          CompletableFuture.supplyAsync(
              () -> model.score(item("x".repeat(60)), ScoreOptions.DEFAULT),
              Thread::startVirtualThread);
      while (server.asked().isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(model.score(item("a fir"), ScoreOptions.DEFAULT))
          .isInstanceOf(ScoreResult.Overloaded.class);
      open.countDown();
      assertThat(first.join()).isInstanceOf(ScoreResult.Scored.class);
      assertThat(model.counts().refused()).isEqualTo(1);
    }
  }

  @Test
  void aCallThatWaitsForItsTurnSaysHowLong() throws InterruptedException {
    bundle(ResponseInput.RESPONSE, 0);
    CountDownLatch open = new CountDownLatch(1);
    try (RewardModel model = RewardModels.load(dir, model(settings(0, 1), 65_536))) {
      server.forget();
      server.next(waitFor(open));
      CompletableFuture<ScoreTimings> first = new CompletableFuture<>();
      CompletableFuture<ScoreTimings> second = new CompletableFuture<>();
      Thread.startVirtualThread(() -> first.complete(timings(model, "a birch")));
      while (server.asked().isEmpty()) {
        Thread.onSpinWait();
      }
      Thread waits = Thread.ofPlatform().start(() -> second.complete(timings(model, "a fir")));
      while (waits.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      long since = System.nanoTime();
      while (System.nanoTime() - since < 2_000_000) {
        Thread.onSpinWait();
      }
      Duration least = Duration.ofNanos(System.nanoTime() - since);
      open.countDown();

      assertThat(second.join().queue()).isGreaterThanOrEqualTo(least);
      assertThat(first.join().inference()).isGreaterThanOrEqualTo(least);
      assertThat(second.join().inference()).isPositive();
      waits.join();
    }
  }

  @Test
  void withoutAUrlTheStartSaysWhatToSet() {
    bundle(ResponseInput.RESPONSE, 0);
    refused(null, "palate.model.remote-encoder.url");
  }

  @Test
  void anotherDimensionEndsTheStart() {
    bundle(ResponseInput.RESPONSE, 0);
    server.dimension(32);
    refused(settings(0), "answers 32 numbers a text, the bundle needs 24", "train again");
  }

  @Test
  void anotherModelOfTheSameNameAndDimensionEndsTheStart() {
    bundle(ResponseInput.RESPONSE, 0);
    server.seed(2);
    refused(settings(0), "fingerprint differs");
  }

  @Test
  void anUnknownModelEndsTheStart() {
    assertThatThrownBy(
            () -> RewardModels.remoteEncoder("other", ResponseInput.RESPONSE, null, settings(0)))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("knows no model 'other'");
  }

  @Test
  void aServerThatIsAwayOrWantsAKeyEndsTheStart() {
    bundle(ResponseInput.RESPONSE, 0);
    server.next(status(503));
    refused(settings(0), "503", "Start it");
    server.key("secret");
    refused(settings(0), "refuses the key (401)");
  }

  @Test
  void roundingLeavesAFingerprintAndAnotherDirectionDoesNot() {
    Random random = new Random(3);
    float[] one = TestBundles.matrix(random, 1, 4096)[0];
    float[] coarse = one.clone();
    for (int i = 0; i < coarse.length; i++) {
      coarse[i] = Float.intBitsToFloat(Float.floatToIntBits(coarse[i]) & 0xFFFF0000); // bf16
    }
    EncoderSpec spec =
        EncoderSpec.remote("m", 4096, 8, ResponseInput.RESPONSE, Fingerprint.of(one));
    assertThat(spec.knows(Fingerprint.of(coarse))).isTrue();
    float[] other = TestBundles.matrix(random, 1, 4096)[0];
    for (int i = 0; i < other.length; i++) {
      other[i] = one[i] + 0.5f * other[i];
    }
    assertThat(spec.knows(Fingerprint.of(other))).isFalse();
  }

  @Test
  void aManifestWithoutAFingerprintIsRefused() throws Exception {
    bundle(ResponseInput.RESPONSE, 0);
    Path manifest = dir.resolve("bundle.json");
    Files.writeString(
        manifest,
        Files.readString(manifest).replaceAll("(?s),\\s*\"fingerprint\"\\s*:\\s*\\[.*?]", ""));
    assertThatThrownBy(() -> Bundles.read(dir)).hasMessageContaining("'encoder.fingerprint'");
  }

  @Test
  void inspectSaysWhatItNeedsAndAssembleThatThereIsNothingToDo() {
    bundle(ResponseInput.PROMPT_AND_RESPONSE, 0);
    StringWriter out = new StringWriter();
    CommandLine command =
        new CommandLine(new BundleCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out));
    assertThat(command.execute("inspect", dir.toString())).isZero();
    assertThat(out.toString())
        .contains(
            "encoder remote 'words-24', 24 dimensions, about 16 tokens of prompt and response");
    assertThat(command.execute("verify", dir.toString())).isZero();
    assertThat(command.execute("assemble", dir.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("nothing to assemble");
  }

  private void refused(@Nullable RemoteEncoderSettings settings, String... messages) {
    assertThatThrownBy(() -> RewardModels.load(dir, model(settings, 64)).close())
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll(messages);
  }

  private ModelSettings model(@Nullable RemoteEncoderSettings remote, int queueTokens) {
    return new ModelSettings(
            TorchDevice.CPU, TorchDtype.FP32, dir.resolve("cache"), 4096, queueTokens)
        .withRemote(remote);
  }

  private RemoteEncoderSettings settings(int retries) {
    return settings(retries, 4);
  }

  private RemoteEncoderSettings settings(int retries, int maxConcurrency) {
    return new RemoteEncoderSettings(
        server.url(),
        null,
        Duration.ofSeconds(2),
        Duration.ofSeconds(20),
        8,
        maxConcurrency,
        retries);
  }

  private RewardModel load(int retries) {
    return load(retries, 65_536);
  }

  private RewardModel load(int retries, int queueTokens) {
    return RewardModels.load(dir, model(settings(retries), queueTokens));
  }

  private Bundle bundle(ResponseInput input, int features) {
    EncoderSpec encoder =
        RewardModels.remoteEncoder(EmbeddingsServer.MODEL, input, MAX_TOKENS, settings(0));
    Random random = new Random(1);
    int d = encoder.dimension();
    Head head =
        new Head(
            TestBundles.matrix(random, 8, d),
            new float[8],
            TestBundles.matrix(random, K, 8),
            new float[K],
            TestBundles.matrix(random, features, d),
            new float[features],
            TestBundles.matrix(random, K, d + features));
    return Bundles.write(dir, TinyModels.bundle(K, encoder, head));
  }

  private static List<ScoreItem> item(String... responses) {
    return List.of(new ScoreItem(new Prompt(PROMPT), List.of(responses)));
  }

  private static ScoreTimings timings(RewardModel model, String response) {
    return ((ScoreResult.Scored) model.score(item(response), ScoreOptions.DEFAULT)).timings();
  }

  private static PromptScores scored(ScoreResult result) {
    assertThat(result).isInstanceOf(ScoreResult.Scored.class);
    return ((ScoreResult.Scored) result).items().getFirst();
  }
}
