package dev.palate.server.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.palate.server.adaptation.ServiceTest;
import dev.palate.server.store.UserId;
import dev.palate.tier.LongForm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Exports that take their time: of large users, for slow clients, while others change things.
 * Alone: the heap is measured.
 */
@Isolated
@LongForm
class LargeExportTest extends ServiceTest {

  private static final JsonMapper JSON = new JsonMapper();

  @Autowired ExportWriter writer;
  @Autowired Export export;
  @Autowired DataSource pool;

  private Answer export() throws Exception {
    return get("/users/" + user + "/export");
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
        threads.execute(() -> export.write(new UserId(user), stream));
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

  /** A user whose labels have texts of so many characters, solved once. */
  private void store(int labels, int characters) {
    jdbc.sql("insert into users (id, incarnation, feedback_seq) values (?, gen_random_uuid(), ?)")
        .param(user)
        .param(labels)
        .update();
    jdbc.sql(
            """
            insert into label (user_id, label_id, prompt, chosen, rejected, strength, content_hash)
            select ?, 'l' || i, 'p', repeat(md5(i::text), ?), 'r', 1, sha256(i::text::bytea)
            from generate_series(1, ?) i
            """)
        .param(user)
        .param(characters / 32)
        .param(labels)
        .update();
    // as autovacuum would in a minute: a foreign key's plan for a few rows is slow for these
    jdbc.sql("analyze label").update();
    jdbc.sql(
            """
            insert into label_margin (label, model_version, margins, routing)
            select id, '0123abcd', '{1,2,3}', '{0.5,0.3,0.2}' from label where user_id = ?
            """)
        .param(user)
        .update();
    jdbc.sql("analyze label_margin").update();
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
