package dev.palate.journey;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * A closed-loop load: each connection stays open and sends its next request when it has read the
 * answer to the last; one that the server ends is opened anew. Plain sockets and prepared bytes, so
 * that the generator leaves the machine to the server.
 */
final class Load implements AutoCloseable {

  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final List<Line> lines = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Load(int port, int connections) throws IOException {
    for (int i = 0; i < connections; i++) {
      lines.add(new Line(port));
    }
  }

  static byte[] post(String path, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, body.length);
    return (head + json).getBytes(StandardCharsets.UTF_8);
  }

  /** Requests answered per second. */
  double perSecond(byte[] request, Duration time) {
    return perSecond(i -> request, time);
  }

  /**
   * @param request the i-th of its connection
   */
  double perSecond(IntFunction<byte[]> request, Duration time) {
    long start = System.nanoTime();
    long end = start + time.toNanos();
    List<Future<Integer>> counts = new ArrayList<>();
    for (Line line : lines) {
      counts.add(
          threads.submit(() -> {
            int done = 0;
            while (System.nanoTime() < end) {
              line.exchange(request.apply(done++));
            }
            return done;
          }));
    }
    int total = 0;
    for (Future<Integer> count : counts) {
      try {
        total += count.get();
      } catch (InterruptedException | ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    return total / ((System.nanoTime() - start) / 1e9);
  }

  /** One answer's head and body, as text. */
  String once(byte[] request) {
    Line line = lines.getFirst();
    return new String(line.buffer, 0, line.exchange(request), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    threads.shutdownNow();
    for (Line line : lines) {
      line.close();
    }
  }

  private static final class Line {
    private final int port;
    private final byte[] buffer = new byte[1 << 17];
    private Socket socket;
    private InputStream in;
    private OutputStream out;

    Line(int port) throws IOException {
      this.port = port;
      open();
    }

    private void open() throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    void close() throws IOException {
      socket.close();
    }

    /** Bytes of the answer, which are in the buffer. */
    int exchange(byte[] request) {
      try {
        out.write(request);
        int read = 0;
        int head = -1;
        int end = -1;
        boolean chunked = false;
        boolean last = false;
        while (true) {
          int n = in.read(buffer, read, buffer.length - read);
          if (n < 0) {
            throw new IOException("the server hung up");
          }
          read += n;
          if (head < 0) {
            head = headEnd(read);
            if (head < 0) {
              continue;
            }
            String text = new String(buffer, 0, head, StandardCharsets.ISO_8859_1);
            if (!text.startsWith("HTTP/1.1 200")) {
              throw new IOException("not answered: " + text);
            }
            last = text.contains("Connection: close");
            int length = text.indexOf("Content-Length: ");
            chunked = length < 0;
            end =
                chunked
                    ? -1
                    : head
                        + Integer.parseInt(text.substring(length + 16, text.indexOf('\r', length)));
          }
          if (chunked ? endsWithLastChunk(read) : read >= end) {
            if (last) {
              close();
              open();
            }
            return read;
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private int headEnd(int read) {
      for (int i = 3; i < read; i++) {
        if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n') {
          return i + 1;
        }
      }
      return -1;
    }

    private boolean endsWithLastChunk(int read) {
      for (int i = 0; i < LAST_CHUNK.length; i++) {
        if (buffer[read - LAST_CHUNK.length + i] != LAST_CHUNK[i]) {
          return false;
        }
      }
      return true;
    }
  }
}
