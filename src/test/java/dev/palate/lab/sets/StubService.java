package dev.palate.lab.sets;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * As much of the API as the commands use. The longer response has the higher reward, for users with
 * labels the shorter. One request is refused as too early, and first solves come later than their
 * labels.
 */
final class StubService implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();

  final Map<String, Integer> labels = new ConcurrentHashMap<>();
  final Set<String> erased = ConcurrentHashMap.newKeySet();
  final Set<String> authorizations = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refusals = new AtomicInteger();
  private final HttpServer server;

  StubService() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    authorizations.add(authorization == null ? "none" : authorization);
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (path.equals("/score") && refusals.getAndIncrement() == 3) {
      exchange.getResponseHeaders().add("Retry-After", "0");
      send(exchange, 503, "{\"code\": \"overloaded\"}");
    } else if (path.equals("/model")) {
      send(exchange, 200, "{\"model\": \"stub\", \"model_version\": \"v1\", \"experts\": 2}");
    } else if (path.equals("/score")) {
      send(exchange, 200, scores(JSON.readTree(body)));
    } else {
      String user = path.split("/")[2];
      if (exchange.getRequestMethod().equals("DELETE")) {
        erased.add(user);
        send(exchange, 204, "");
      } else if (path.endsWith("/feedback")) {
        int more = JSON.readTree(body).required("labels").size();
        int before = labels.getOrDefault(user, 0);
        labels.put(user, before + more);
        boolean later = before == 0;
        send(exchange, later ? 202 : 200, later ? "{\"accepted\": 1}" : weights(user));
      } else {
        send(exchange, 200, weights(user));
      }
    }
  }

  private String scores(JsonNode request) {
    String user = request.path("user").asString("");
    int sign = labels.containsKey(user) ? -1 : 1;
    JsonNode responses = request.required("responses");
    return """
    {"model": "stub", "model_version": "v1", "weights": "personal",
     "responses": [{"reward": %d}, {"reward": %d}]}
    """
        .formatted(
            sign * responses.get(0).stringValue().length(),
            sign * responses.get(1).stringValue().length());
  }

  private String weights(String user) {
    return """
    {"status": "current", "solved_labels": %d,
     "experts": [{"significant": true}, {"significant": false}]}
    """
        .formatted(labels.getOrDefault(user, 0));
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
