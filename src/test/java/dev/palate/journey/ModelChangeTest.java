package dev.palate.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.TestBundles;
import dev.palate.journey.ApiClient.Answer;
import dev.palate.journey.ApiClient.Pair;
import dev.palate.server.database.PostgresTestSupport;
import dev.palate.tier.NeedsEngine;
import dev.palate.tier.NeedsPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Another model, without a stop: the real engine, PostgreSQL and HTTP. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(PostgresTestSupport.class)
@DirtiesContext
@NeedsPostgres
@NeedsEngine
class ModelChangeTest {

  @TempDir static Path bundles;

  private static final List<Pair> PAIRS = TersePairs.pairs(0, 4);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ApiClient api;
  private final JdbcClient jdbc;
  private final String one;
  private final String two;

  ModelChangeTest(
      @LocalServerPort int port,
      @org.springframework.beans.factory.annotation.Autowired JdbcClient jdbc) {
    this.api = new ApiClient(port);
    this.jdbc = jdbc;
    this.one = Bundles.read(bundles.resolve("one")).version();
    this.two = Bundles.read(bundles.resolve("two")).version();
  }

  @DynamicPropertySource
  static void bundles(DynamicPropertyRegistry properties) throws IOException {
    TestBundles.randomBundle(bundles.resolve("one"), 3, 1);
    TestBundles.randomBundle(bundles.resolve("two"), 4, 2);
    Path damaged = TestBundles.randomBundle(bundles.resolve("damaged"), 3, 3);
    byte[] head = Files.readAllBytes(damaged.resolve("head.safetensors"));
    head[head.length - 1] ^= 1;
    Files.write(damaged.resolve("head.safetensors"), head);
    properties.add("palate.model.bundle", () -> bundles.resolve("one"));
  }

  @BeforeEach
  void serveTheFirst() {
    activate("one");
  }

  @AfterEach
  void close() {
    api.close();
  }

  private Answer activate(String bundle) {
    return api.post("/model/activate", Map.of("bundle", bundle));
  }

  private String served() {
    return api.get("/model").body().path("model_version").asString();
  }

  @Test
  void aChangeAndARollbackUnderLoadFailNothingAndEachAnswerIsOfOneVersion() {
    Map<String, Set<Long>> rewards = new ConcurrentHashMap<>();
    ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    AtomicInteger answers = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++) {
        clients.execute(() -> {
          while (!over.get()) {
            try {
              JsonNode answer = api.score(null, PAIRS.getFirst());
              JsonNode first = answer.path("responses").path(0);
              // both of one model, else the rewards of a version would be many
              rewards
                  .computeIfAbsent(
                      answer.path("model_version").asString(), v -> ConcurrentHashMap.newKeySet())
                  .add(Math.round(1000 * first.path("reward").asDouble()));
              answers.incrementAndGet();
            } catch (AssertionError | RuntimeException e) {
              faults.add(e.toString());
            }
          }
        });
      }
      try {
        String last = one;
        for (String bundle : List.of("two", "one", "two")) {
          int before = answers.get();
          await().atMost(PATIENCE).until(() -> answers.get() > before + 20);
          Answer changed = activate(bundle);
          assertThat(changed.status()).as("%s", changed.body()).isEqualTo(200);
          assertThat(changed.body().path("previous_version").asString()).isEqualTo(last);
          last = changed.body().path("model_version").asString();
          assertThat(served()).isEqualTo(last);
        }
        Answer back = api.post("/model/rollback", Map.of());
        assertThat(back.body().path("model_version").asString()).isEqualTo(one);
      } finally {
        over.set(true); // or the clients would go on for ever
      }
    }

    assertThat(faults).isEmpty();
    assertThat(rewards.keySet()).containsExactlyInAnyOrder(one, two);
    assertThat(rewards.values()).allSatisfy(of -> assertThat(of).hasSize(1));
  }

  @Test
  void aBundleThatIsNotWholeIsRefusedAndThePresentOneServesOn() {
    Answer refused = activate("damaged");

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.body().path("code").asString()).isEqualTo("bundle_rejected");
    assertThat(served()).isEqualTo(one);
    assertThat(api.score(null, PAIRS.getFirst()).path("model_version").asString()).isEqualTo(one);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../one", "/etc", "three", "one/", "a\u0000b"})
  void onlyABundleBesideTheConfiguredOneCanBeNamed(String name) {
    Answer refused = activate(name);

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.body().path("errors").path(0).path("field").asString()).isEqualTo("bundle");
    assertThat(served()).isEqualTo(one);
  }

  @Test
  void usersAreSolvedForTheModelThatCameAndFindTheirOldWeightsAfterARollback() {
    JsonNode before = api.label("ursula", 0, PAIRS, "Prefer", "wait=20").body();
    assertThat(before.path("model_version").asString()).isEqualTo(one);

    JsonNode changed = activate("two").body();
    assertThat(changed.path("bulk_solve").isNumber()).as("%s", changed).isTrue();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          JsonNode weights = weights("ursula");
          assertThat(weights.path("model_version").asString()).isEqualTo(two);
          assertThat(weights.path("status").asString()).isEqualTo("current");
          assertThat(weights.path("experts").size()).isEqualTo(4);
        });

    api.post("/model/rollback", Map.of());
    assertThat(weights("ursula").path("experts")).isEqualTo(before.path("experts"));
  }

  private JsonNode weights(String user) {
    return api.get("/users/" + user + "/expert-weights").body();
  }

  @Test
  void whatIsActivatedOnAnotherReplicaIsFollowed() {
    record("two", two, one);

    await().atMost(PATIENCE).until(() -> served().equals(two));
  }

  @Test
  void aReplicaThatIsStartedWithAnotherBundleKeepsItsOwn() {
    record("two", two, "another");
    record("nowhere", "x", one);
    record("two", two, "another");
    int looks = 3;

    await()
        .during(Duration.ofSeconds(2L * looks))
        .atMost(PATIENCE)
        .until(() -> served().equals(one));
  }

  private void record(String bundle, String version, String configured) {
    jdbc.sql(
            """
            insert into model_activation (bundle, model_version, configured_version, activated_by)
            values (?, ?, ?, 'another replica')
            """)
        .params(bundle, version, configured)
        .update();
  }

  @Test
  void whatWasActivatedIsListedNewestFirst() {
    activate("two");
    api.post("/model/rollback", Map.of());

    JsonNode page = api.get("/model/activations?limit=2").body();

    assertThat(page.path("activations").path(0).path("bundle").asString()).isEqualTo("one");
    assertThat(page.path("activations").path(1).path("bundle").asString()).isEqualTo("two");
    assertThat(page.path("activations").path(1).path("activated_by").asString())
        .isEqualTo("anyone");
    JsonNode next =
        api.get("/model/activations?limit=2&after=" + page.path("next").asString()).body();
    assertThat(next.path("activations").toString())
        .doesNotContain(page.path("activations").path(1).path("activated_at").asString());
  }

  @Test
  void theServingVersionAndTheProgressOfABulkAreMeters() {
    activate("two");

    await()
        .atMost(PATIENCE)
        .until(() ->
            api.text("/actuator/prometheus")
                .contains("palate_model_serving{model_version=\"" + two + "\"} 1.0"));
    assertThat(api.text("/actuator/prometheus")).contains("palate_adaptation_bulk_progress 1.0");
  }
}
