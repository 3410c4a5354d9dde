package dev.palate.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.server.adaptation.TestModel;
import dev.palate.server.database.PostgresTestSupport;
import dev.palate.tier.NeedsPostgres;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Without keys, behind a proxy: host names, origins, TLS. */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "palate.security.cors.allowed-origins=https://app.example",
      "palate.security.allowed-hosts=palate.example",
      "server.forward-headers-strategy=native"
    })
@Import({PostgresTestSupport.class, OpenModeTest.Model.class})
@NeedsPostgres
class OpenModeTest {

  private int port;
  private Wire wire;

  @BeforeEach
  void connect(@LocalServerPort int port) {
    this.port = port;
    this.wire = new Wire(port);
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class Model {
    @Bean
    TestModel testModel() {
      return new TestModel();
    }
  }

  /** The answer to a GET under a host name, which Java's client does not let one choose. */
  private String under(String host) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      String request = "GET /model HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "127.0.0.1.evil.example:8080", "10.0.0.1"})
  void aPageWhoseOwnNameLeadsHereIsRefused(String host) throws IOException {
    assertThat(under(host)).startsWith("HTTP/1.1 400").contains("palate.security.allowed-hosts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:8080", "127.0.0.1", "[::1]:1", "palate.example"})
  void namesOfLoopbackAndConfiguredOnesAreAnsweredTo(String host) throws IOException {
    assertThat(under(host)).startsWith("HTTP/1.1 200");
  }

  @Test
  void onlyPagesOfTheNamedOriginMayReadAnswers() {
    Wire.Answer ours = wire.send("GET", "/model", null, "", "Origin", "https://app.example");
    assertThat(ours.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example");
    assertThat(ours.header("Access-Control-Allow-Credentials")).isEmpty();
    assertThat(preflight("https://app.example").status()).isEqualTo(200);

    Wire.Answer theirs = wire.send("GET", "/model", null, "", "Origin", "https://evil.example");
    assertThat(theirs.header("Access-Control-Allow-Origin")).isEmpty();
    assertThat(preflight("https://evil.example").status()).isEqualTo(403);
  }

  private Wire.Answer preflight(String origin) {
    return wire.send(
        "OPTIONS",
        "/score",
        null,
        "",
        "Origin",
        origin,
        "Access-Control-Request-Method",
        "POST",
        "Access-Control-Request-Headers",
        "content-type");
  }

  @Test
  void overTlsTheBrowserIsToldToStayWithIt() {
    assertThat(
            wire.send("GET", "/model", null, "", "X-Forwarded-Proto", "https")
                .header("Strict-Transport-Security"))
        .startsWith("max-age=");
  }
}
