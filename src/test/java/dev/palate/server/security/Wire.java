package dev.palate.server.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client with a bearer token, or (null) without. */
public final class Wire {

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;

  public Wire(int port) {
    this.port = port;
  }

  public record Answer(HttpResponse<String> response) {
    public int status() {
      return response.statusCode();
    }

    public String body() {
      return response.body();
    }

    public JsonNode json() {
      return JSON.readTree(response.body());
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    public String code() {
      return response.body().isEmpty() ? "" : json().path("code").asString("");
    }
  }

  Answer send(String method, String path, @Nullable String token, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return new Answer(client.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public Answer get(String path, @Nullable String token) {
    return send("GET", path, token, "");
  }

  public Answer post(String path, @Nullable String token, String body) {
    return send("POST", path, token, body);
  }

  public Answer delete(String path, @Nullable String token) {
    return send("DELETE", path, token, "");
  }

  /** {@code POST /score} for a user, or (null) for nobody. */
  Answer score(@Nullable String user, @Nullable String token) {
    String whose = user == null ? "" : "\"user\": \"%s\", ".formatted(user);
    return post(
        "/score", token, "{%s\"prompt\": \"p\", \"responses\": [\"abc\", \"b\"]}".formatted(whose));
  }
}
