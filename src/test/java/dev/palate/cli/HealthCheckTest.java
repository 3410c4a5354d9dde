package dev.palate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthCheckTest {

  private final HttpServer service =
      HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  HealthCheckTest() throws IOException {
    service.createContext("/readyz", exchange -> answer(exchange, 200));
    service.createContext("/livez", exchange -> answer(exchange, 503));
    service.start();
  }

  private static void answer(com.sun.net.httpserver.HttpExchange exchange, int status)
      throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  @AfterEach
  void stop() {
    service.stop(0);
  }

  private int check(int port, String path) {
    return HealthCheck.check(port, path, new PrintStream(said, true, StandardCharsets.UTF_8));
  }

  @Test
  void aServiceThatIsReadyIsHealthyAndAnyOtherAnswerIsNot() {
    assertThat(check(service.getAddress().getPort(), "/readyz")).isZero();
    assertThat(check(service.getAddress().getPort(), "/livez")).isEqualTo(1);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("200", "503");
  }

  @Test
  void whereNobodyListensItSaysSo() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertThat(check(free, "/readyz")).isEqualTo(1);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("/readyz on port " + free);
  }
}
