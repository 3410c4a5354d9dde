package dev.palate.lab.sets;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON over HTTP with a running service; a refusal becomes a {@link TargetException}. */
final class ServiceConnection implements AutoCloseable {

  /** Also the longest wait that the service grants. */
  private static final Duration WAIT = Duration.ofSeconds(60);

  private static final Duration TIMEOUT = WAIT.plusSeconds(30);

  /** How often a request is sent while the service answers that it has no capacity. */
  private static final int ATTEMPTS = 10;

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final String url;
  private final @Nullable String key;

  /**
   * @param key sent as {@code Authorization: Bearer}; null: the service wants none
   * @throws TargetException where {@code url} is no address of a service
   */
  ServiceConnection(String url, @Nullable String key) {
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    this.key = key;
    if (!url.matches("https?://[^/\\s].*")) {
      throw new TargetException("--url must be like http://127.0.0.1:8080, was '" + url + "'");
    }
  }

  JsonNode get(String path) {
    return send("GET", path, null);
  }

  JsonNode post(String path, JsonNode body) {
    return send("POST", path, body);
  }

  void delete(String path) {
    send("DELETE", path, null);
  }

  private JsonNode send(String method, String path, @Nullable JsonNode body) {
    try {
      HttpRequest request = request(method, path, body);
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      for (int attempt = 1; attempt < ATTEMPTS && wantsToBeAskedLater(answer); attempt++) {
        Thread.sleep(Duration.ofSeconds(retryAfter(answer)));
        answer = http.send(request, BodyHandlers.ofString());
      }
      JsonMapper json = JsonMapper.shared();
      JsonNode read = answer.body().isEmpty() ? json.nullNode() : json.readTree(answer.body());
      if (answer.statusCode() >= 400) {
        throw new TargetException(
            "%s %s: %d %s: %s"
                .formatted(
                    method,
                    path,
                    answer.statusCode(),
                    read.path("code").asString("error"),
                    read.path("detail").asString("no detail given")));
      }
      return read;
    } catch (IOException e) {
      throw new TargetException(
          "No answer from %s: start the service first, or name another with --url".formatted(url));
    } catch (IllegalArgumentException | JacksonException e) {
      throw new TargetException("%s does not answer like Palate: check --url".formatted(url));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TargetException("Interrupted");
    }
  }

  private HttpRequest request(String method, String path, @Nullable JsonNode body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body)));
    if (path.endsWith("/feedback")) {
      // Elsewhere it would be a deadline for computing the answer
      request.header("Prefer", "wait=" + WAIT.toSeconds());
    }
    if (key != null && !key.isBlank()) {
      request.header("Authorization", "Bearer " + key.strip());
    }
    return request.build();
  }

  private static boolean wantsToBeAskedLater(HttpResponse<?> answer) {
    return answer.statusCode() == 429 || answer.statusCode() == 503;
  }

  private static long retryAfter(HttpResponse<?> answer) {
    String seconds = answer.headers().firstValue("Retry-After").orElse("1");
    return seconds.matches("\\d{1,2}") ? Long.parseLong(seconds) : 1;
  }

  @Override
  public void close() {
    http.close();
  }
}
