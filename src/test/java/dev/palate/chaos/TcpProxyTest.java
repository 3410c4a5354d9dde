package dev.palate.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The proxy does what it is told, before a server that says everything back. */
class TcpProxyTest {

  private ServerSocket server;
  private TcpProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
    proxy = TcpProxy.to(server.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.close();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> echo(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void echo(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      // reset
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(2_000);
    return socket;
  }

  private static String say(Socket socket, String words) throws IOException {
    socket.getOutputStream().write(words.getBytes(StandardCharsets.UTF_8));
    byte[] answer = socket.getInputStream().readNBytes(words.length());
    if (answer.length < words.length()) {
      throw new IOException("closed");
    }
    return new String(answer, StandardCharsets.UTF_8);
  }

  @Test
  void passesEverythingOn() throws IOException {
    try (Socket socket = connect()) {
      String much = "word ".repeat(100_000);
      Thread.ofVirtual().start(() -> write(socket, much));
      assertThat(socket.getInputStream().readNBytes(much.length()))
          .isEqualTo(much.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void write(Socket socket, String words) {
    try {
      socket.getOutputStream().write(words.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void delaysAnswersUntilItIsRestored() throws IOException {
    try (Socket socket = connect()) {
      proxy.slow(Duration.ofMillis(300));
      long start = System.nanoTime();
      assertThat(say(socket, "a")).isEqualTo("a");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(290));

      proxy.restore();
      assertThat(say(socket, "b")).isEqualTo("b");
    }
  }

  @Test
  void cutsOldAndNewConnectionsUntilItIsRestored() throws IOException {
    try (Socket old = connect()) {
      say(old, "a");
      proxy.cut();
      assertThatThrownBy(() -> say(old, "b")).isInstanceOf(IOException.class);
      try (Socket fresh = connect()) {
        assertThatThrownBy(() -> say(fresh, "c")).isInstanceOf(IOException.class);
      }
    }
    proxy.restore();
    try (Socket socket = connect()) {
      assertThat(say(socket, "d")).isEqualTo("d");
    }
  }

  @Test
  void losesConnectionsForGoodAndTellsNobody() throws IOException {
    try (Socket old = connect()) {
      say(old, "a");
      proxy.blackhole();
      assertThatThrownBy(() -> say(old, "b")).isInstanceOf(SocketTimeoutException.class);
      proxy.restore();
      assertThatThrownBy(() -> say(old, "c")).isInstanceOf(SocketTimeoutException.class);
    }
    try (Socket socket = connect()) {
      assertThat(say(socket, "d")).isEqualTo("d");
    }
  }

  @Test
  void aTrapTakesOnlyTheConnectionThatSaidTheMarkerAndOnlyItsCommit() throws IOException {
    try (Socket marked = connect();
        Socket other = connect()) {
      TcpProxy.Trap trap = proxy.trap("l-17", TcpProxy.At.BEFORE_COMMIT);
      say(marked, "insert l-17");
      assertThat(say(other, "COMMIT")).isEqualTo("COMMIT");
      assertThat(trap.hasSprung()).isFalse();

      assertThatThrownBy(() -> say(marked, "COMMIT")).isInstanceOf(IOException.class);

      assertThat(trap.hasSprung()).isTrue();
      assertThat(say(other, "COMMIT")).isEqualTo("COMMIT");
    }
  }

  @Test
  void afterACommitItsAnswerIsLost() throws IOException {
    try (Socket socket = connect()) {
      proxy.trap("l-17", TcpProxy.At.AFTER_COMMIT);
      say(socket, "insert l-17");
      assertThatThrownBy(() -> say(socket, "COMMIT")).isInstanceOf(IOException.class);
    }
  }
}
