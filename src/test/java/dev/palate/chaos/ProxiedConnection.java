package dev.palate.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One connection through a {@link TcpProxy}; reads PostgreSQL's protocol just enough to see
 * commits.
 */
final class ProxiedConnection {

  private static final int CHUNK = 64 * 1024;

  /** Enough for a marker that is cut in two. */
  private static final int TAIL = 200;

  private static final Chunk END = new Chunk(0, new byte[0]);

  private final TcpProxy proxy;
  private final Socket client;
  private final Socket server;
  private final BlockingQueue<Chunk> answers = new LinkedBlockingQueue<>();
  private volatile boolean lost;
  private volatile TcpProxy.Trap untilAnswered;
  private TcpProxy.Trap marked;
  private String tail = "";

  ProxiedConnection(TcpProxy proxy, Socket client, Socket server) {
    this.proxy = proxy;
    this.client = client;
    this.server = server;
  }

  /**
   * @param due when it may be passed on, of {@link System#nanoTime}
   */
  private record Chunk(long due, byte[] bytes) {}

  void start() {
    Thread.ofVirtual().start(this::requests);
    Thread.ofVirtual().start(this::answers);
    Thread.ofVirtual().start(this::delivery);
  }

  /** Both ends are told. */
  void reset() {
    TcpProxy.reset(client);
    TcpProxy.reset(server);
    proxy.forget(this);
  }

  /** No end is told, not even when the other one goes. */
  void lose() {
    lost = true;
  }

  private void requests() {
    try {
      InputStream in = client.getInputStream();
      byte[] buffer = new byte[CHUNK];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (lost || trapped(buffer, n)) {
          continue;
        }
        server.getOutputStream().write(buffer, 0, n);
      }
    } catch (IOException e) {
      // as if it had ended
    }
    if (!lost) {
      reset();
    }
  }

  /** Whether this is a commit that does not arrive. */
  private boolean trapped(byte[] buffer, int n) {
    String bytes = tail + new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
    tail = bytes.substring(Math.max(0, bytes.length() - TAIL));
    if (marked == null) {
      marked = proxy.trapFor(bytes);
    }
    if (marked == null || !isCommit(buffer, n) || !proxy.spring(marked)) {
      return false;
    }
    switch (marked.at()) {
      case BEFORE_COMMIT -> reset();
      case LOST_BEFORE_COMMIT -> lose();
      case AFTER_COMMIT -> {
        untilAnswered = marked;
        return false;
      }
    }
    return true;
  }

  private static boolean isCommit(byte[] buffer, int n) {
    return new String(buffer, 0, n, StandardCharsets.ISO_8859_1).contains("COMMIT");
  }

  private void answers() {
    try {
      InputStream in = server.getInputStream();
      byte[] buffer = new byte[CHUNK];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (untilAnswered != null && isCommit(buffer, n)) {
          reset();
          return;
        }
        if (!lost) {
          byte[] bytes = new byte[n];
          System.arraycopy(buffer, 0, bytes, 0, n);
          answers.add(new Chunk(System.nanoTime() + proxy.delay().toNanos(), bytes));
        }
      }
    } catch (IOException e) {
      // as if it had ended
    }
    answers.add(END);
  }

  private void delivery() {
    try {
      for (Chunk chunk = answers.take(); chunk != END; chunk = answers.take()) {
        for (long left = chunk.due - System.nanoTime();
            left > 0 && !client.isClosed();
            left = chunk.due - System.nanoTime()) {
          LockSupport.parkNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)));
        }
        if (!lost) {
          client.getOutputStream().write(chunk.bytes);
        }
      }
    } catch (IOException e) {
      // as if it had ended
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!lost) {
      reset();
    }
  }
}
