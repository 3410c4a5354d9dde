package dev.palate.journey;

import dev.palate.reliability.SentTexts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Talks to a running Palate as any client would: over HTTP, in JSON. */
public final class ApiClient implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final String base;

  public ApiClient(int port) {
    this.base = "http://127.0.0.1:" + port;
  }

  /** A status and its JSON body (null node for an empty one). */
  public record Answer(int status, JsonNode body, HttpResponse<String> raw) {}

  /** A preference between two responses to a prompt. */
  public record Pair(String prompt, String chosen, String rejected) {}

  public Answer get(String path) {
    return send(request(path).GET());
  }

  /** An answer that is no JSON. */
  String text(String path) {
    try {
      return http.send(request(path).GET().build(), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public Answer delete(String path) {
    return send(request(path).DELETE());
  }

  public Answer post(String path, Object body, String... headers) {
    String json = JSON.writeValueAsString(body);
    SentTexts.inBody(json);
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return send(request);
  }

  /** Posts pairs as labels; ids are {@code firstId}, {@code firstId + 1}, ... */
  Answer label(String user, int firstId, List<Pair> pairs, String... headers) {
    return post("/users/" + user + "/feedback", Requests.labelsBody(firstId, pairs), headers);
  }

  /** The reward of chosen less that of rejected, for a user or (null) for nobody in particular. */
  double margin(String user, Pair pair) {
    JsonNode responses = score(user, pair).path("responses");
    return responses.get(0).path("reward").asDouble() - responses.get(1).path("reward").asDouble();
  }

  JsonNode score(String user, Pair pair) {
    var body = JSON.createObjectNode().put("prompt", pair.prompt());
    if (user != null) {
      body.put("user", user);
    }
    body.putArray("responses").add(pair.chosen()).add(pair.rejected());
    Answer answer = post("/score", body);
    if (answer.status() != 200) {
      throw new AssertionError("POST /score: " + answer.status() + " " + answer.body());
    }
    return answer.body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(60));
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          response.body().isEmpty() ? JSON.nullNode() : JSON.readTree(response.body()),
          response);
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
  }
}
