package dev.palate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/**
 * Requests made from the published contract, good and bad, against the real model and database: no
 * answer says that the fault is ours, each is as the contract describes it. More of them: {@code
 * mvn test -Dtest=OpenApiFuzzTest -Dpalate.fuzz.requests=1000000 -Dpalate.fuzz.seed=7}.
 */
@SharedApplication
@Order(1) // it takes longest
class OpenApiFuzzTest {

  private static final int REQUESTS = Integer.getInteger("palate.fuzz.requests", 2_000);
  private static final long SEED = Long.getLong("palate.fuzz.seed", 1);
  private static final int AT_A_TIME = 4;

  private final int port;
  private final HttpClient client = HttpClient.newHttpClient();
  private final JsonNode document;
  private final boolean diagnosed;
  private final RequestGenerator requests;
  private final AnswerCheck check;
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
  private final ConcurrentSkipListMap<String, Integer> outcomes = new ConcurrentSkipListMap<>();

  OpenApiFuzzTest(@LocalServerPort int port) {
    this.port = port;
    try (ApiClient api = new ApiClient(port)) {
      this.document = api.get("/openapi.json").body();
      this.diagnosed = api.get("/model").body().path("diagnostics").asBoolean();
    }
    this.requests = new RequestGenerator(document, SEED);
    this.check = new AnswerCheck(document);
  }

  @Test
  void everyAnswerIsAsTheContractSaysAndNoneIsOurFault() throws InterruptedException {
    Semaphore free = new Semaphore(AT_A_TIME);
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < REQUESTS && faults.size() < 20; i++) {
        RequestGenerator.Request request = requests.next();
        free.acquire();
        senders.execute(() -> {
          try {
            send(request);
          } finally {
            free.release();
          }
        });
      }
    }

    assertThat(faults).as("of %d requests, seed %d", REQUESTS, SEED).isEmpty();
    assertThat(idle())
        .as(
            "routes that never did their work, but for the way back where nothing changed, and what the bundle lacks: %s",
            outcomes)
        .isSubsetOf(diagnosed ? List.of("rollBackModel") : List.of("rollBackModel", "diagnostics"));
    System.out.printf("%d requests, seed %d: %s%n", REQUESTS, SEED, summary());
  }

  /** Routes that only ever refused. */
  private List<String> idle() {
    return requests.operations().stream()
        .filter(
            operation -> outcomes.keySet().stream().noneMatch(o -> o.startsWith(operation + " 2")))
        .toList();
  }

  private Map<String, Integer> summary() {
    Map<String, Integer> byStatus = new TreeMap<>();
    outcomes.forEach(
        (outcome, n) -> byStatus.merge(outcome.replaceFirst(".* ", ""), n, Integer::sum));
    return byStatus;
  }

  private void send(RequestGenerator.Request request) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + request.path()))
            .method(request.method(), BodyPublishers.ofByteArray(request.body()));
    request.headers().forEach(builder::header);
    try {
      HttpResponse<String> answer =
          client.send(builder.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
      outcomes.merge(request.name() + " " + answer.statusCode(), 1, Integer::sum);
      judge(request, answer)
          .forEach(fault ->
              faults.add(fault + "\n  for " + describe(request) + "\n  " + cut(answer.body())));
    } catch (IOException e) {
      faults.add(e + " for " + describe(request));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> judge(RequestGenerator.Request request, HttpResponse<String> answer) {
    int status = answer.statusCode();
    List<String> wrong =
        new ArrayList<>(
            check.check(
                request.operation(),
                status,
                answer.headers().firstValue("Content-Type").orElse(""),
                answer.body()));
    boolean late = status == 504 && request.headers().containsKey("Prefer");
    if (status >= 500 && !late) {
      wrong.add("status " + status);
    }
    if (request.good() && List.of(400, 405, 406, 413, 415).contains(status)) {
      wrong.add("status " + status + " though the request is as described");
    }
    if (answer.headers().firstValue("X-Request-Id").isEmpty()) {
      wrong.add("no X-Request-Id");
    }
    if (answer.body().contains("\tat ") || answer.body().contains("Exception")) {
      wrong.add("a stack trace");
    }
    return wrong;
  }

  private static String describe(RequestGenerator.Request request) {
    return request.method()
        + " "
        + request.path()
        + " "
        + request.headers()
        + " "
        + cut(new String(request.body(), StandardCharsets.UTF_8));
  }

  private static String cut(String text) {
    return text.length() > 600 ? text.substring(0, 600) + "..." : text;
  }
}
