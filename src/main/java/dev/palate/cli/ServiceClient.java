package dev.palate.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks the HTTP contract to a running service; a refusal becomes a {@link ServiceException}. */
final class ServiceClient implements AutoCloseable {

  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Duration ANSWERED = Duration.ofSeconds(60);

  /** Until the service has put a large answer together. */
  private static final Duration WRITTEN = Duration.ofMinutes(10);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final String url;
  private final @Nullable String key;

  /**
   * @param key sent as {@code Authorization: Bearer}; null: the service wants none
   */
  ServiceClient(String url, @Nullable String key) {
    this.key = key;
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  JsonNode get(String path) {
    return send("GET", path, BodyPublishers.noBody());
  }

  JsonNode delete(String path) {
    return send("DELETE", path, BodyPublishers.noBody());
  }

  JsonNode post(String path, JsonNode body) {
    return send("POST", path, BodyPublishers.ofString(JSON.writeValueAsString(body)));
  }

  /**
   * Copies an answer of any size as it comes.
   *
   * @throws ServiceException also where it ends early; part of it is written then
   */
  void copy(String path, OutputStream to) {
    send(
        "GET",
        path,
        BodyPublishers.noBody(),
        WRITTEN,
        BodyHandlers.ofInputStream(),
        answer -> {
          try (InputStream body = answer.body()) {
            if (answer.statusCode() >= 400) {
              throw problem(answer.statusCode(), JSON.readTree(body));
            }
            copy(body, to);
            return answer;
          }
        });
  }

  private static void copy(InputStream from, OutputStream to) {
    try {
      from.transferTo(to);
      to.flush();
    } catch (IOException e) {
      throw new ServiceException("The answer ends too early: " + e.getMessage());
    }
  }

  private JsonNode send(String method, String path, BodyPublisher body) {
    return send(
        method,
        path,
        body,
        ANSWERED,
        BodyHandlers.ofString(),
        answer -> {
          JsonNode json = answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
          if (answer.statusCode() >= 400) {
            throw problem(answer.statusCode(), json);
          }
          return json;
        });
  }

  /** What becomes of an answer. */
  private interface Reading<B, R> {
    R of(HttpResponse<B> answer) throws IOException;
  }

  private <B, R> R send(
      String method,
      String path,
      BodyPublisher body,
      Duration patience,
      BodyHandler<B> form,
      Reading<B, R> reading) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(url + path))
              .timeout(patience)
              .header("Content-Type", "application/json")
              .header("Prefer", "wait=10")
              .method(method, body);
      if (key != null && !key.isBlank()) {
        request.header("Authorization", "Bearer " + key.strip());
      }
      return reading.of(http.send(request.build(), form));
    } catch (IOException e) {
      throw new ServiceException(
          "No answer from %s: start the service first, or name another with --url".formatted(url));
    } catch (IllegalArgumentException | JacksonException e) {
      throw new ServiceException("%s does not answer like Palate: check --url".formatted(url));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceException("Interrupted");
    }
  }

  private static ServiceException problem(int status, JsonNode answer) {
    StringBuilder text =
        new StringBuilder()
            .append(status)
            .append(' ')
            .append(answer.path("code").asString("error"))
            .append(": ")
            .append(answer.path("detail").asString("no detail given"));
    for (JsonNode error : answer.path("errors")) {
      text.append(" [")
          .append(error.path("field").asString())
          .append(": ")
          .append(error.path("message").asString())
          .append(']');
    }
    return new ServiceException(text.toString());
  }

  @Override
  public void close() {
    http.close();
  }
}
