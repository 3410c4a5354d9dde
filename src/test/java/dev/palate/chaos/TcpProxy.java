package dev.palate.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A network between Palate and PostgreSQL that fails when it is told to. Ours, since no kept proxy
 * for faults exists on the JVM (Toxiproxy is a Go program and knows nothing of commits; what Maven
 * Central has are its clients and a long abandoned one), and a commit is where it must fail.
 *
 * <ul>
 *   <li>{@link #slow}: every answer comes so much later; requests are not held up.
 *   <li>{@link #cut}: connections are reset, new ones too.
 *   <li>{@link #blackhole}: bytes vanish, and nobody is told. A connection that was there stays
 *       lost after {@link #restore}, as it does behind a firewall that forgot it; its server keeps
 *       its session and its locks.
 *   <li>{@link #trap}: the connection that sends a marker is cut, or lost, at its next commit.
 * </ul>
 */
final class TcpProxy implements AutoCloseable {

  /** What a network does with a connection. */
  private enum Mode {
    PASS,
    CUT,
    BLACKHOLE
  }

  /** Where at a commit the network fails. */
  enum At {
    /** The server never sees the commit, and rolls back. */
    BEFORE_COMMIT,
    /** The server commits; its answer is lost. */
    AFTER_COMMIT,
    /** Nothing passes from the commit on, and the server is not told that its client went. */
    LOST_BEFORE_COMMIT
  }

  private final ServerSocket listener;
  private final int upstream;
  private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Trap> trap = new AtomicReference<>();
  private volatile Mode mode = Mode.PASS;
  private volatile Duration delay = Duration.ZERO;

  private TcpProxy(ServerSocket listener, int upstream) {
    this.listener = listener;
    this.upstream = upstream;
  }

  /** A proxy on a free loopback port to another one. */
  static TcpProxy to(int upstream) {
    try {
      ServerSocket listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
      TcpProxy proxy = new TcpProxy(listener, upstream);
      Thread.ofPlatform().name("proxy-" + listener.getLocalPort()).daemon().start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Set once, taken by the first connection that it fits. */
  static final class Trap {
    private final String marker;
    private final At at;
    private final CountDownLatch sprung = new CountDownLatch(1);

    private Trap(String marker, At at) {
      this.marker = marker;
      this.at = at;
    }

    String marker() {
      return marker;
    }

    At at() {
      return at;
    }

    boolean hasSprung() {
      return sprung.getCount() == 0;
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Answers of the server come later by this. */
  void slow(Duration byThis) {
    delay = byThis;
  }

  /** Resets all connections, and new ones until {@link #restore}. */
  void cut() {
    mode = Mode.CUT;
    connections.forEach(ProxiedConnection::reset);
  }

  /** Loses all connections, and new ones until {@link #restore}. */
  void blackhole() {
    mode = Mode.BLACKHOLE;
    connections.forEach(ProxiedConnection::lose);
  }

  /** Fails the connection that sends this text, at its next commit. */
  Trap trap(String marker, At at) {
    Trap set = new Trap(marker, at);
    trap.set(set);
    return set;
  }

  /** From now on all is well, but for connections that were lost. */
  void restore() {
    delay = Duration.ZERO;
    trap.set(null);
    mode = Mode.PASS;
  }

  Duration delay() {
    return delay;
  }

  /** The trap that is set, if a connection's bytes hold its marker. */
  Trap trapFor(String bytes) {
    Trap set = trap.get();
    return set != null && bytes.contains(set.marker) ? set : null;
  }

  /** Whether this call took the trap; nobody else can then. */
  boolean spring(Trap set) {
    if (!trap.compareAndSet(set, null)) {
      return false;
    }
    set.sprung.countDown();
    return true;
  }

  void forget(ProxiedConnection connection) {
    connections.remove(connection);
  }

  private void accept() {
    while (!listener.isClosed()) {
      Socket client;
      try {
        client = listener.accept();
      } catch (IOException e) {
        return; // closed
      }
      Thread.ofVirtual().start(() -> open(client));
    }
  }

  private void open(Socket client) {
    try {
      if (mode == Mode.CUT) {
        reset(client);
        return;
      }
      Socket server = new Socket();
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), upstream), 5_000);
      ProxiedConnection connection = new ProxiedConnection(this, client, server);
      connections.add(connection);
      // The mode may have changed between its reading and the adding
      if (mode == Mode.CUT) {
        connection.reset();
      } else if (mode == Mode.BLACKHOLE) {
        connection.lose();
      }
      connection.start();
    } catch (IOException e) {
      reset(client); // no server there: its client is told at once
    }
  }

  static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It is closed
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    connections.forEach(ProxiedConnection::reset);
  }
}
