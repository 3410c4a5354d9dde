package dev.palate.core.model.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A server of {@code /v1/embeddings} in place of vLLM or TEI. A text's embedding is the sum of its
 * words' random vectors, so that heads on it can learn words. What a test tells it to do, it does
 * once for each of the next requests.
 */
public final class EmbeddingsServer implements AutoCloseable {
  public static final String MODEL = "words-24";
  public static final int DIMENSION = 24;
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Deque<Trouble> troubles = new ConcurrentLinkedDeque<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();
  private volatile int dimension = DIMENSION;
  private volatile long seed = 1;
  private volatile int mostCharacters = Integer.MAX_VALUE;
  private volatile boolean shuffled;
  private volatile boolean base64;
  private volatile float scale = 1;
  private volatile String key = "";
  private volatile boolean down;

  /** What is done in place of an answer. */
  public interface Trouble {
    /**
     * @return whether the request is done with
     */
    boolean in(HttpExchange exchange) throws IOException, InterruptedException;
  }

  /** A request that came. */
  public record Asked(String model, List<String> texts, long nanos) {}

  public EmbeddingsServer() {
    this(0);
  }

  public EmbeddingsServer(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/v1/embeddings", this::handle);
    server.start();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** The next requests meet these, in order; then all is well again. */
  public EmbeddingsServer next(Trouble... some) {
    troubles.addAll(List.of(some));
    return this;
  }

  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  public void forget() {
    asked.clear();
    troubles.clear();
    mostUnderWay.set(0);
  }

  int mostUnderWay() {
    return mostUnderWay.get();
  }

  public EmbeddingsServer dimension(int other) {
    dimension = other;
    return this;
  }

  /** Another model under the same name. */
  public EmbeddingsServer seed(long other) {
    seed = other;
    return this;
  }

  /** Answers 503 to all, until it is up again. */
  public void down(boolean now) {
    down = now;
  }

  EmbeddingsServer mostCharacters(int most) {
    mostCharacters = most;
    return this;
  }

  EmbeddingsServer shuffled() {
    shuffled = true;
    return this;
  }

  EmbeddingsServer base64() {
    base64 = true;
    return this;
  }

  EmbeddingsServer scale(float factor) {
    scale = factor;
    return this;
  }

  /** Refuses requests without it. */
  public EmbeddingsServer key(String wanted) {
    key = wanted;
    return this;
  }

  /** Answers a status, with headers as name, value, ... */
  public static Trouble status(int status, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      return answer(exchange, status, "{\"error\": {\"message\": \"told to\"}}");
    };
  }

  static Trouble body(String body) {
    return exchange -> answer(exchange, 200, body);
  }

  /** Closes the connection without a word. */
  static Trouble closed() {
    return exchange -> {
      exchange.close();
      return true;
    };
  }

  /** Never answers. */
  public Trouble hang() {
    return exchange -> {
      closing.await();
      return true;
    };
  }

  /** Sends the head of an answer and nothing more. */
  Trouble hangInTheBody() {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write('{');
      exchange.getResponseBody().flush();
      closing.await();
      return true;
    };
  }

  /** Answers as ever, once the latch is open. */
  public static Trouble waitFor(CountDownLatch latch) {
    return exchange -> {
      latch.await();
      return false;
    };
  }

  private static boolean answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
    return true;
  }

  private void handle(HttpExchange exchange) throws IOException {
    int now = underWay.incrementAndGet();
    mostUnderWay.accumulateAndGet(now, Math::max);
    try {
      JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
      List<String> texts = new ArrayList<>();
      request.path("input").forEach(text -> texts.add(text.stringValue()));
      asked.add(new Asked(request.path("model").stringValue(), texts, System.nanoTime()));
      Trouble trouble = troubles.poll();
      if (trouble == null || !trouble.in(exchange)) {
        regular(exchange, request.path("model").stringValue(), texts);
      }
    } catch (InterruptedException e) {
      exchange.close();
    } finally {
      underWay.decrementAndGet();
    }
  }

  private void regular(HttpExchange exchange, String model, List<String> texts) throws IOException {
    String sent = exchange.getRequestHeaders().getFirst("Authorization");
    if (down) {
      answer(exchange, 503, "{}");
    } else if (!key.isEmpty() && !("Bearer " + key).equals(sent)) {
      answer(exchange, 401, "{\"error\": \"Unauthorized\"}");
    } else if (!model.equals(MODEL)) {
      answer(exchange, 404, "{\"error\": {\"message\": \"The model does not exist.\"}}");
    } else if (texts.stream().anyMatch(text -> text.isEmpty() || text.length() > mostCharacters)) {
      answer(exchange, 400, "{\"error\": {\"message\": \"context length\"}}");
    } else {
      answer(exchange, 200, embeddings(texts));
    }
  }

  private String embeddings(List<String> texts) {
    List<ObjectNode> entries = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      ObjectNode entry = JSON.createObjectNode().put("object", "embedding").put("index", i);
      float[] values = embedding(texts.get(i));
      if (base64) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        entry.put("embedding", Base64.getEncoder().encodeToString(bytes.array()));
      } else {
        ArrayNode array = entry.putArray("embedding");
        for (float value : values) {
          array.add(value);
        }
      }
      entries.add(entry);
    }
    if (shuffled) {
      Collections.reverse(entries);
    }
    ObjectNode answer = JSON.createObjectNode().put("object", "list").put("model", MODEL);
    entries.forEach(answer.putArray("data")::add);
    answer.putObject("usage").put("prompt_tokens", 3 * texts.size());
    return JSON.writeValueAsString(answer);
  }

  private float[] embedding(String text) {
    float[] sum = new float[dimension];
    sum[0] = 0.1f;
    for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
      Random random = new Random(word.hashCode() * 31L + seed);
      for (int j = 0; j < dimension; j++) {
        sum[j] += (float) random.nextGaussian();
      }
    }
    double length = 0;
    for (float value : sum) {
      length += value * value;
    }
    for (int j = 0; j < dimension; j++) {
      sum[j] = scale * (float) (sum[j] / Math.sqrt(length));
    }
    return sum;
  }

  /** As the encoder reads it. */
  float[] expected(String text) {
    float[] embedding = embedding(text);
    for (int j = 0; j < embedding.length; j++) {
      embedding[j] /= scale;
    }
    return embedding;
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
