package dev.palate.server.studio;

import static org.awaitility.Awaitility.await;

import dev.palate.journey.PalateProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The jar in mode api-key, so that the page has to have a key; and a client with the first key. */
final class StudioService implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();
  static final String ADMIN = "admin." + "0123456789abcdef".repeat(4);

  /** Of a minute: more than the tests of this class use, less than a large batch. */
  private static final int TOKENS = 200_000;

  /** Somewhat more than the largest request of these tests. */
  private static final int QUEUE_TOKENS = 9_000;

  /** Of a crowd, each with a text of 256 tokens: more than wait and run at once. */
  private static final int SENDERS = 80;

  private final PalateProcess palate;
  private final HttpClient http = HttpClient.newHttpClient();
  private final String key;

  private StudioService(PalateProcess palate) {
    this.palate = palate;
    this.key =
        send(
                "POST",
                "/keys",
                ADMIN,
                Map.of("scopes", List.of("score", "feedback", "read", "admin")))
            .path("key")
            .asString();
  }

  static StudioService start(Path data) {
    Path bundles = data.resolveSibling("studio-bundles");
    StudioBundles.write(bundles);
    return new StudioService(
        PalateProcess.startPrepared(
            data,
            "--palate.model.bundle=" + bundles.resolve("demo"),
            "--palate.model.queue-tokens=" + QUEUE_TOKENS,
            "--palate.model.batch-tokens=2048",
            "--palate.security.mode=api-key",
            "--palate.security.admin-key=" + ADMIN,
            "--palate.security.quota.tokens-per-minute=" + TOKENS));
  }

  /** Good for everything and everybody. */
  String key() {
    return key;
  }

  /** A key that has just used up its minute. */
  String exhaustedKey() {
    String spent =
        send("POST", "/keys", ADMIN, Map.of("scopes", List.of("score", "read")))
            .path("key")
            .asString();
    String text = "word ".repeat(120);
    Map<String, Object> item = Map.of("prompt", "p", "responses", Collections.nCopies(64, text));
    send("POST", "/score", spent, item);
    // remembered by now, so that it costs the key and not the processor
    send("POST", "/score/batch", spent, Map.of("items", Collections.nCopies(30, item)));
    return spent;
  }

  /**
   * Requests of new texts, one behind the other from each sender: together more than may wait, and
   * each so small that it fills what the others leave.
   *
   * @return when the first is refused; closed, they end
   */
  AutoCloseable crowd() {
    AtomicBoolean over = new AtomicBoolean();
    CountDownLatch full = new CountDownLatch(1);
    AtomicInteger number = new AtomicInteger();
    ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
    for (int sender = 0; sender < SENDERS; sender++) {
      senders.execute(() -> {
        String own = newKey();
        while (!over.get()) {
          String text = (number.incrementAndGet() + " word ").repeat(120);
          HttpResponse<String> answer =
              answer("POST", "/score", own, Map.of("prompt", "p", "responses", List.of(text)));
          own = answer.statusCode() == 429 ? newKey() : own;
          if (answer.statusCode() == 503) {
            full.countDown();
          }
        }
      });
    }
    try {
      await().until(() -> full.getCount() == 0);
    } catch (RuntimeException e) {
      over.set(true); // or they would go on for ever
      throw e;
    }
    return () -> {
      over.set(true);
      senders.close();
    };
  }

  private String newKey() {
    return send("POST", "/keys", ADMIN, Map.of("scopes", List.of("score"))).path("key").asString();
  }

  String url() {
    return "http://127.0.0.1:" + palate.port();
  }

  JsonNode get(String path) {
    return send("GET", path, key, null);
  }

  JsonNode post(String path, Object body, String... headers) {
    return send("POST", path, key, body, headers);
  }

  JsonNode labels(String user) {
    return get("/users/" + user + "/feedback").path("labels");
  }

  /** Labels of somebody who likes it short, and waits until they are solved. */
  void teach(String user, int labels) {
    List<Map<String, Object>> given = new ArrayList<>();
    List<String> subjects =
        List.of("bread", "tides", "mutexes", "inflation", "cats", "vaccines", "leaves", "knots");
    for (int i = 0; i < labels; i++) {
      String subject = subjects.get(i % subjects.size());
      given.add(
          Map.of(
              "prompt", (i < subjects.size() ? "Tell me about " : "Explain to a child: ") + subject,
              "chosen", "Briefly: " + subject + " are what they are. Look twice.",
              "rejected",
                  "What a truly wonderful question! Let us embark together on a long journey into "
                      + subject
                      + ", a topic that has enchanted humanity since the dawn of time itself!"));
    }
    // one after the other, for a history
    for (Map<String, Object> label : given) {
      post("/users/" + user + "/feedback", Map.of("labels", List.of(label)), "Prefer", "wait=20");
    }
  }

  /** Of a file as a browser gets it. */
  long compressedBytes(String path) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url() + path))
              .header("Accept-Encoding", "gzip")
              .build();
      return http.send(request, BodyHandlers.ofByteArray()).body().length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> file(String path) {
    return answer("GET", path, null, null);
  }

  private JsonNode send(
      String method, String path, @Nullable String by, @Nullable Object body, String... headers) {
    HttpResponse<String> answer = answer(method, path, by, body, headers);
    if (answer.statusCode() >= 300) {
      throw new AssertionError(method + " " + path + ": " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  private HttpResponse<String> answer(
      String method, String path, @Nullable String by, @Nullable Object body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(JSON.writeValueAsString(body)));
    if (by != null) {
      request.header("Authorization", "Bearer " + by);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.close();
    palate.close();
  }
}
