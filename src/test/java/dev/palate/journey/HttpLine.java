package dev.palate.journey;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * One connection to a server on this machine that stays open; one that the server ends is opened
 * anew. A plain socket and prepared bytes, so that a generator of load leaves the machine to the
 * server. For one thread at a time.
 */
final class HttpLine implements AutoCloseable {

  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int PATIENCE_MS = 60_000;

  private final int port;
  private byte[] buffer = new byte[1 << 14];
  private int length;
  private Socket socket;
  private InputStream in;
  private OutputStream out;

  HttpLine(int port) throws IOException {
    this.port = port;
    open();
  }

  /** A POST of a JSON body, as {@link #exchange} takes it. */
  static byte[] post(String path, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, body.length);
    return (head + json).getBytes(StandardCharsets.UTF_8);
  }

  /** A GET, as {@link #exchange} takes it. */
  static byte[] get(String path) {
    return "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"
        .formatted(path)
        .getBytes(StandardCharsets.UTF_8);
  }

  private void open() throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MS);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /** Sends a request and reads its answer to the end; the answer's status. */
  int exchange(byte[] request) {
    try {
      out.write(request);
      length = 0;
      int head = -1;
      int end = -1;
      int status = 0;
      boolean last = false;
      while (true) {
        if (length == buffer.length) {
          buffer = Arrays.copyOf(buffer, 2 * length);
        }
        int n = in.read(buffer, length, buffer.length - length);
        if (n < 0) {
          throw new IOException("the server hung up");
        }
        length += n;
        if (head < 0) {
          head = headEnd();
          if (head < 0) {
            continue;
          }
          String text = new String(buffer, 0, head, StandardCharsets.ISO_8859_1);
          status = Integer.parseInt(text.substring(9, 12));
          last = text.contains("Connection: close");
          end = end(text, head);
        }
        if (end < 0 ? endsWithLastChunk() : length >= end) {
          if (last) {
            close();
            open();
          }
          return status;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last answer's head and body. */
  String answer() {
    return new String(buffer, 0, length, StandardCharsets.UTF_8);
  }

  /** Where the answer of this head ends; -1: with its last chunk. */
  private static int end(String text, int head) {
    String name = "content-length: ";
    int at = text.toLowerCase(Locale.ROOT).indexOf(name);
    return at < 0
        ? -1
        : head + Integer.parseInt(text.substring(at + name.length(), text.indexOf('\r', at)));
  }

  private int headEnd() {
    for (int i = 3; i < length; i++) {
      if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private boolean endsWithLastChunk() {
    for (int i = 0; i < LAST_CHUNK.length; i++) {
      if (buffer[length - LAST_CHUNK.length + i] != LAST_CHUNK[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
