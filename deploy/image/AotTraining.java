import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Run while the image is built, by the JVM that the image has: starts the service as it will be started, asks what a client asks, and ends it in order, whereupon the
 * JVM writes its ahead-of-time cache. {@code AotTraining APP PREPARED}: the cache is PREPARED/palate.aot. The service has a database and a data directory below /tmp.
 */
class AotTraining {

  private static final int PORT = 18080;
  private static final String URL = "http://127.0.0.1:" + PORT;
  private static final Duration READY_WITHIN = Duration.ofMinutes(4);

  public static void main(String[] args) throws Exception {
    Path app = Path.of(args[0]);
    Path prepared = Path.of(args[1]);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : Files.readAllLines(app.resolve("jvm.options"))) {
      if (!option.startsWith("-XX:AOTCache")) {
        command.add(option);
      }
    }
    command.addAll(
        List.of(
            // with the second compiler's profiles in the cache a start compiles for longer than it takes (docs/operations.md)
            "-XX:TieredStopAtLevel=1",
            "-XX:AOTCacheOutput=" + prepared.resolve("palate.aot"),
            "-jar",
            app.resolve("palate.jar").toString(),
            "--server.address=127.0.0.1",
            "--server.port=" + PORT,
            "--palate.data-dir=/tmp/training"));
    Process service = new ProcessBuilder(command).inheritIO().start();
    try (HttpClient client = HttpClient.newHttpClient()) {
      awaitReady(client, service);
      String pair =
          "\"prompt\": \"How do tides work?\", \"%s\": \"The moon pulls the sea.\", \"%s\": \"What a question!\"";
      for (int i = 0; i < 20; i++) {
        post(client, "/score", "{\"user\": \"u" + i + "\", \"prompt\": \"How do tides work?\", \"responses\": [\"The moon pulls the sea " + i + ".\", \"A question!\"]}");
        post(client, "/users/u" + i + "/feedback", "{\"labels\": [{" + pair.formatted("chosen", "rejected") + "}]}");
        client.send(HttpRequest.newBuilder(URI.create(URL + "/users/u" + i + "/expert-weights")).build(), BodyHandlers.ofString());
      }
    } finally {
      service.destroy(); // SIGTERM
    }
    int status = service.waitFor();
    if (!Files.exists(prepared.resolve("palate.aot"))) {
      throw new IllegalStateException("The JVM, which ended with " + status + ", wrote no cache");
    }
    readableByAll(prepared);
  }

  private static void awaitReady(HttpClient client, Process service) throws Exception {
    long end = System.nanoTime() + READY_WITHIN.toNanos();
    HttpRequest ready = HttpRequest.newBuilder(URI.create(URL + "/readyz")).build();
    while (true) {
      try {
        if (client.send(ready, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // not listening yet
      }
      if (!service.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException("The service did not become ready");
      }
      Thread.sleep(100);
    }
  }

  private static void post(HttpClient client, String path, String body) throws Exception {
    int status =
        client
            .send(
                HttpRequest.newBuilder(URI.create(URL + path))
                    .header("Content-Type", "application/json")
                    .header("Prefer", "wait=5")
                    .POST(BodyPublishers.ofString(body))
                    .build(),
                BodyHandlers.ofString())
            .statusCode();
    if (status != 200 && status != 202) {
      throw new IllegalStateException(path + " answered " + status);
    }
  }

  /** DJL makes directories for their owner alone; the image belongs to root, and any user reads it. */
  private static void readableByAll(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--"));
      }
    }
  }
}
