package dev.palate.helm;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.palate.helm.Kinds.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * As much of a Kubernetes API server as Helm needs to install, upgrade, test and uninstall: it says
 * which kinds there are, and keeps objects as they are sent. It checks none, runs none and fills in
 * no defaults; a Job is complete and a Pod has succeeded as soon as it is made. A patch is merged,
 * lists replaced as a whole.
 */
final class ApiServer implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, ObjectNode> objects = new TreeMap<>();
  private final List<JsonNode> created = new ArrayList<>();

  ApiServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** What a client of this server is configured by. */
  String kubeConfig() {
    return """
    apiVersion: v1
    kind: Config
    clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
    users: [{name: u, user: {}}]
    contexts: [{name: x, context: {cluster: c, user: u}}]
    current-context: x
    """
        .formatted(server.getAddress().getPort());
  }

  /** Every object ever made, in order, but for Helm's own records. */
  synchronized List<JsonNode> created() {
    return created.stream().filter(o -> !o.path("type").asString().startsWith("helm.sh/")).toList();
  }

  /** An object that is there now; missing if it is not. */
  synchronized JsonNode secret(String namespace, String name) {
    ObjectNode found = objects.get("/api/v1/namespaces/" + namespace + "/secrets/" + name);
    return found == null ? JSON.missingNode() : found.deepCopy();
  }

  /** As if somebody had made it by other means. */
  synchronized void put(String namespace, String name, String json) {
    objects.put(
        "/api/v1/namespaces/" + namespace + "/secrets/" + name, (ObjectNode) JSON.readTree(json));
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      Answer answer;
      try {
        answer = answer(exchange, path, body);
      } catch (RuntimeException e) {
        answer = failure(500, "InternalError", exchange.getRequestMethod() + " " + path + ": " + e);
      }
      byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private record Answer(int status, String body) {}

  private synchronized Answer answer(HttpExchange exchange, String path, byte[] body) {
    String known = Kinds.discovery(path);
    if (known != null) {
      return new Answer(200, known);
    }
    return switch (exchange.getRequestMethod()) {
      case "GET" -> path.matches(".*/namespaces/[^/]+/[^/]+") ? list(exchange, path) : get(path);
      case "POST" -> create(path, object(body));
      case "PUT" -> replace(path, object(body));
      case "PATCH" -> patch(path, JSON.readTree(body));
      case "DELETE" -> delete(path);
      default -> new Answer(405, "{}");
    };
  }

  private static ObjectNode object(byte[] body) {
    return SecretBytes.isProtobuf(body)
        ? SecretBytes.decode(body)
        : (ObjectNode) JSON.readTree(body);
  }

  private Answer get(String path) {
    ObjectNode found = objects.get(path);
    return found == null ? notFound() : new Answer(200, found.toString());
  }

  private Answer create(String path, ObjectNode object) {
    created.add(object.deepCopy());
    switch (object.path("kind").asString()) {
      case "Job" ->
          object
              .putObject("status")
              .putArray("conditions")
              .addObject()
              .put("type", "Complete")
              .put("status", "True");
      case "Pod" -> object.putObject("status").put("phase", "Succeeded");
      default -> {}
    }
    ((ObjectNode) object.path("metadata"))
        .put("resourceVersion", "1")
        .put("uid", "u" + created.size());
    objects.put(path + "/" + object.path("metadata").path("name").asString(), object);
    return new Answer(201, object.toString());
  }

  private Answer replace(String path, ObjectNode object) {
    objects.put(path, object);
    return new Answer(200, object.toString());
  }

  private Answer delete(String path) {
    return objects.remove(path) == null
        ? notFound()
        : new Answer(
            200, "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Success\"}");
  }

  private Answer patch(String path, JsonNode patch) {
    ObjectNode object = objects.get(path);
    if (object == null) {
      return notFound();
    }
    merge(object, patch);
    return new Answer(200, object.toString());
  }

  private static void merge(ObjectNode into, JsonNode patch) {
    for (Map.Entry<String, JsonNode> change : patch.properties()) {
      if (change.getValue().isNull()) {
        into.remove(change.getKey());
      } else if (change.getValue().isObject() && into.path(change.getKey()).isObject()) {
        merge((ObjectNode) into.path(change.getKey()), change.getValue());
      } else {
        into.set(change.getKey(), change.getValue());
      }
    }
  }

  private Answer list(HttpExchange exchange, String path) {
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    Map<String, String> labels = pairs(query.getOrDefault("labelSelector", ""));
    String name = pairs(query.getOrDefault("fieldSelector", "")).get("metadata.name");
    List<ObjectNode> found =
        objects.entrySet().stream()
            .filter(e -> e.getKey().startsWith(path + "/"))
            .map(Map.Entry::getValue)
            .filter(o -> name == null || name.equals(o.path("metadata").path("name").asString()))
            .filter(o ->
                labels.entrySet().stream()
                    .allMatch(l ->
                        o.path("metadata")
                            .path("labels")
                            .path(l.getKey())
                            .asString("")
                            .equals(l.getValue())))
            .toList();
    Kind kind = Kinds.of(path);
    if (query.getOrDefault("watch", "").equals("true")) {
      return new Answer(200, events(kind, found));
    }
    ObjectNode all = JSON.createObjectNode().put("apiVersion", kind.groupVersion());
    all.put("kind", kind.name() + "List").putObject("metadata").put("resourceVersion", "1");
    all.putArray("items").addAll(found);
    return new Answer(200, all.toString());
  }

  /** A watch that tells of what is there, says that this was all, and ends. */
  private static String events(Kind kind, List<ObjectNode> found) {
    String end =
        """
        {"type": "BOOKMARK", "object": {"apiVersion": "%s", "kind": "%s", "metadata": \
        {"resourceVersion": "1", "annotations": {"k8s.io/initial-events-end": "true"}}}}
        """
            .formatted(kind.groupVersion(), kind.name());
    return found.stream()
        .map(o -> "{\"type\": \"ADDED\", \"object\": " + o + "}\n")
        .collect(Collectors.joining("", "", end));
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new TreeMap<>();
    if (raw != null) {
      for (String part : raw.split("&")) {
        String[] pair = part.split("=", 2);
        query.put(
            pair[0], pair.length < 2 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  /** {@code a=b,c=d}. */
  private static Map<String, String> pairs(String selector) {
    return Arrays.stream(selector.split(","))
        .filter(term -> term.contains("="))
        .map(term -> term.split("=", 2))
        .collect(Collectors.toMap(term -> term[0].strip(), term -> term[1].strip()));
  }

  private static Answer notFound() {
    return failure(404, "NotFound", "not found");
  }

  private static Answer failure(int code, String reason, String message) {
    ObjectNode status = JSON.createObjectNode().put("kind", "Status").put("apiVersion", "v1");
    status.put("status", "Failure").put("reason", reason).put("message", message).put("code", code);
    return new Answer(code, status.toString());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
