package dev.palate.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.palate.reward.ScoreResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is held about a user, told to that user. */
class ExportTest extends ServiceTest {

  private static final JsonMapper JSON = new JsonMapper();

  @Autowired ExportWriter writer;
  @Autowired Export export;
  @Autowired DataSource pool;
  @Autowired JsonMapper strict;

  private Answer export() throws Exception {
    return get("/users/" + user + "/export");
  }

  @Test
  void aUserWhoNeverWasHasEmptyLists() throws Exception {
    Answer answer = export();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().propertyNames())
        .containsExactly(
            "user",
            "exported_at",
            "feedback_seq",
            "solve_pending",
            "labels",
            "expert_weights",
            "expert_weights_history",
            "idempotency_keys",
            "api_keys");
    assertThat(answer.json().path("feedback_seq").asInt(-1)).isZero();
    assertThat(answer.json().path("solve_pending").asBoolean(true)).isFalse();
    answer.json().properties().stream()
        .filter(property -> property.getValue().isArray())
        .forEach(list -> assertThat(list.getValue()).as(list.getKey()).isEmpty());
  }

  @Test
  void theAnswerIsAFileThatNobodyOnTheWayKeeps() throws Exception {
    Answer answer = export();

    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"palate-export.json\"");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.header("Content-Length"))
        .isEqualTo(Integer.toString(answer.response().body().length()));
  }

  @Test
  void allThatTheUserGaveAndAllThatBecameOfItIsThere() throws Exception {
    label(one("l1", "a", "b"), "Idempotency-Key", "k1");
    labelAndSolve(
        "{\"id\": \"l2\", \"prompt\": \"pr\u00fcfe \ud83d\ude00\", \"chosen\": \"ab\", \"rejected\": \"c\", \"strength\": 0.5}");
    await().until(() -> !export().json().path("solve_pending").asBoolean());
    model.serveVersion("ffff0000");
    send("POST", "/users/" + user + "/expert-weights/solve", "", "Prefer", "wait=20");

    UserExport export = strict.readValue(export().response().body(), UserExport.class);

    assertThat(export.user().value()).isEqualTo(user);
    assertThat(export.createdAt()).isNotNull().isBefore(export.exportedAt());
    assertThat(export.feedbackAt()).isBetween(export.createdAt(), export.exportedAt());
    assertThat(export.feedbackSeq()).isEqualTo(2);
    UserExport.LabelEntry second = export.labels().get(1);
    assertThat(export.labels()).extracting(UserExport.LabelEntry::id).containsExactly("l1", "l2");
    assertThat(second.prompt()).isEqualTo("pr\u00fcfe \ud83d\ude00");
    assertThat(second.chosen()).isEqualTo("ab");
    assertThat(second.rejected()).isEqualTo("c");
    assertThat(second.strength()).isEqualTo(0.5f);
    assertThat(second.contentHash()).matches("[0-9a-f]{64}");
    assertThat(second.margins())
        .extracting(UserExport.MarginsEntry::modelVersion)
        .containsExactly("0123abcd", "ffff0000");
    assertThat(second.margins().getFirst().margins()).containsExactly(1, 1, -1);
    assertThat(second.margins().getFirst().routing()).containsExactly(0.5f, 0.3f, 0.2f);
    assertThat(export.expertWeights())
        .extracting(UserExport.WeightsEntry::modelVersion)
        .containsExactly("0123abcd", "ffff0000");
    UserExport.WeightsEntry last = export.expertWeights().getLast();
    assertThat(last.shift()).hasSize(TestModel.EXPERTS);
    assertThat((double) last.shift()[0]).isEqualTo(shift(weights(), 0));
    assertThat(last.uncertainty()).hasSize(TestModel.EXPERTS);
    assertThat(last.significant()).hasSize(TestModel.EXPERTS);
    assertThat(last.solvedSeq()).isEqualTo(2);
    assertThat(last.labels()).isEqualTo(2);
    assertThat(export.expertWeightsHistory()).hasSize((int) stored("expert_weights_history"));
    assertThat(export.expertWeightsHistory().getLast())
        .usingRecursiveComparison()
        .isEqualTo(last);
    assertThat(export.idempotencyKeys())
        .extracting(UserExport.KeyEntry::key)
        .containsExactly("k1");
  }

  @Test
  void aLabelThatWaitsForItsSolveIsThereWithoutMargins() throws Exception {
    model.between((items, result) -> new ScoreResult.DeadlineExceeded());
    label(one("l1", "a", "b"));

    JsonNode export = export().json();

    assertThat(export.path("solve_pending").asBoolean()).isTrue();
    assertThat(export.at("/labels/0/margins")).isEmpty();
    assertThat(export.path("expert_weights")).isEmpty();
  }

  @Test
  void aLabelThatIsSetAsideIsThereWithItsModelAlone() throws Exception {
    model.between((items, result) -> new ScoreResult.NotFinite(0));
    labelAndSolve(one("l1", "a", "b"));

    JsonNode export = export().json();

    assertThat(export.at("/labels/0/margins/0").propertyNames()).containsExactly("model_version");
    assertThat(export.at("/expert_weights/0").has("agreement")).as("none without labels").isFalse();
  }

  @Test
  void otherUsersAreNotInIt() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    send("POST", "/users/" + user + "-2/feedback", labels(one("other", "a", "b")));

    assertThat(export().json().path("labels")).hasSize(1);
    assertThat(export().response().body()).doesNotContain("other", user + "-2");
  }

  @Test
  void whatCommitsWhileItIsWrittenIsInAllOfItOrInNone() throws Exception {
    store(2_000, 100);
    AtomicBoolean once = new AtomicBoolean();
    Hooked stream =
        new Hooked(written -> {
          if (written > 100_000 && once.compareAndSet(false, true)) {
            eraseUnchecked();
          }
        });

    writer.write(new UserId(user), stream);

    JsonNode export = JSON.readTree(stream.kept.toByteArray());
    assertThat(once).as("the test is of no use else").isTrue();
    assertThat(export.path("labels")).hasSize(2_000);
    assertThat(export.path("expert_weights")).hasSize(1);
    assertThat(export.path("expert_weights_history")).hasSize(1);
  }

  /** By a request: this thread is in the export's transaction. */
  private void eraseUnchecked() {
    try {
      assertThat(send("DELETE", "/users/" + user, "").status()).isEqualTo(204);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Were they, they would be over 150 MB; the live heap is looked at on the way. */
  @Test
  void aHundredThousandLabelsAreNeverInMemoryTogether() throws Exception {
    store(100_000, 1_500);
    long before = live();
    AtomicLong most = new AtomicLong();
    AtomicInteger looks = new AtomicInteger();
    AtomicLong size = new AtomicLong();
    OutputStream counting =
        new OutputStream() {
          @Override
          public void write(int b) {
            size.incrementAndGet();
          }

          @Override
          public void write(byte[] bytes, int from, int length) {
            if (size.addAndGet(length) / 40_000_000 > looks.get()) {
              looks.incrementAndGet();
              most.accumulateAndGet(live(), Math::max);
            }
          }
        };

    writer.write(new UserId(user), counting);

    assertThat(size).hasValueGreaterThan(150_000_000);
    assertThat(looks).hasValueGreaterThanOrEqualTo(3);
    assertThat(most.get() - before).as("bytes of heap").isLessThan(40_000_000);
  }

  @Test
  void aClientThatDoesNotReadHoldsNoConnectionToTheDatabase() throws Exception {
    store(20_000, 1_000);
    HikariDataSource connections = pool.unwrap(HikariDataSource.class);
    try (Socket slow = new Socket("127.0.0.1", port)) {
      slow.setReceiveBufferSize(4_096);
      slow.getOutputStream()
          .write(
              "GET /users/%s/export HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  .formatted(user)
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream answer = slow.getInputStream();
      assertThat(answer.read()).as("the answer has begun").isEqualTo('H');

      await().until(() -> connections.getHikariPoolMXBean().getActiveConnections() == 0);
      assertThat(send("DELETE", "/users/" + user, "").status()).isEqualTo(204);
    }
  }

  @Test
  void whatGoesWrongOnTheWayIsAProblemAndNotHalfAnAnswer() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    jdbc.sql("update expert_weights_history set agreement = 'Infinity' where user_id = ?")
        .param(user)
        .update();

    Answer answer = export();

    assertThat(answer.problem()).isEqualTo("500 internal -");
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.header("Content-Disposition")).isEmpty();
  }

  @Test
  void noFileIsLeftOver() throws Exception {
    Set<Path> before = files();
    labelAndSolve(one("l1", "a", "b"));
    export();
    jdbc.sql("update expert_weights_history set agreement = 'Infinity' where user_id = ?")
        .param(user)
        .update();
    export();

    assertThat(before).containsAll(files());
  }

  private static Set<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(PrivateFile.PREFIX))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void exportsAreWrittenFourAtATimeAndTheFifthIsToldToComeAgain() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch open = new CountDownLatch(1);
      CountDownLatch reached = new CountDownLatch(Export.AT_A_TIME);
      for (int i = 0; i < Export.AT_A_TIME; i++) {
        Hooked stream =
            new Hooked(written -> {
              reached.countDown();
              awaitOpen(open);
            });
        threads.submit(() -> export.write(new UserId(user), stream));
      }
      Answer fifth;
      try {
        assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
        fifth = export();
        assertThat(get("/users/" + user + "/expert-weights").status()).isEqualTo(200);
      } finally {
        open.countDown();
      }
      assertThat(fifth.problem()).isEqualTo("503 overloaded -");
      assertThat(fifth.header("Retry-After")).isNotEmpty();
    }
    assertThat(export().status()).isEqualTo(200);
  }

  private static void awaitOpen(CountDownLatch open) {
    try {
      open.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aUserIdThatIsNoneIsRefused() throws Exception {
    assertThat(get("/users/no%20body/export").problem()).isEqualTo("422 invalid_request user");
  }

  @Test
  void aPrivateFileHasNoNameWhileItIsOpen() throws Exception {
    Set<Path> before = files();
    try (PrivateFile file = PrivateFile.create()) {
      file.out().write("secret".getBytes(StandardCharsets.UTF_8));
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      file.sendTo(read);

      assertThat(file.size()).isEqualTo(6);
      assertThat(read).hasToString("secret");
      assertThat(before).containsAll(files());
    }
  }

  /** A user whose labels have texts of so many characters, solved once. */
  private void store(int labels, int characters) {
    jdbc.sql("insert into users (id, incarnation, feedback_seq) values (?, gen_random_uuid(), ?)")
        .param(user)
        .param(labels)
        .update();
    jdbc.sql(
            """
            with stored as (
              insert into label (user_id, label_id, prompt, chosen, rejected, strength, content_hash)
              select ?, 'l' || i, 'p', repeat(md5(i::text), ?), 'r', 1, sha256(i::text::bytea)
              from generate_series(1, ?) i returning id
            )
            insert into label_margin (label, model_version, margins, routing)
            select id, '0123abcd', '{1,2,3}', '{0.5,0.3,0.2}' from stored
            """)
        .param(user)
        .param(characters / 32)
        .param(labels)
        .update();
    for (String table : List.of("expert_weights", "expert_weights_history")) {
      jdbc.sql(
              "insert into "
                  + table
                  + """
                   (user_id, model_version, version, shift, uncertainty, significant, agreement,
                    solved_seq, labels, solved_at)
                  values (?, '0123abcd', 1, '{1,2,3}', '{1,1,1}', '{t,f,t}', 0.5, ?, ?, now())
                  """)
          .param(user)
          .param(labels)
          .param(labels)
          .update();
    }
  }

  private static long live() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private interface Hook {
    void on(long written) throws IOException;
  }

  /** Keeps what is written, and tells how much it is before it takes more. */
  private static final class Hooked extends OutputStream {
    private final Hook hook;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    Hooked(Hook hook) {
      this.hook = hook;
    }

    @Override
    public void write(int b) throws IOException {
      hook.on(kept.size());
      kept.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      hook.on(kept.size());
      kept.write(bytes, from, length);
    }
  }
}
