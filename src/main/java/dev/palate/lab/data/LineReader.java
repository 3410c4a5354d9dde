package dev.palate.lab.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lines of UTF-8, ended by {@code \n} or {@code \r\n}; a byte order mark is no part of the first. A
 * line that is not UTF-8 or too long is passed over when it is asked for, not read into memory.
 */
final class LineReader implements Closeable {

  private final InputStream in;
  private final int maxBytes;
  private final byte[] chunk = new byte[1 << 16];
  private int position;
  private int limit;
  private byte[] line = new byte[1 << 12];
  private long length;
  private long number;

  /**
   * @param maxBytes of one line
   */
  LineReader(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /** Goes to the next line; false: there is none. */
  boolean next() throws IOException {
    length = 0;
    if (position == limit && !fill()) {
      return false;
    }
    number++;
    boolean ended = false;
    while (!ended && (position < limit || fill())) {
      int end = position;
      while (end < limit && chunk[end] != '\n') {
        end++;
      }
      ended = end < limit;
      take(end - position);
      position = ended ? end + 1 : end;
    }
    return true;
  }

  /** The line's number, from 1. */
  long number() {
    return number;
  }

  /** Nothing but white space. */
  boolean isBlank() {
    for (int i = start(); i < Math.min(length, maxBytes); i++) {
      if (line[i] < 0 || line[i] > ' ') {
        return false;
      }
    }
    return length <= maxBytes;
  }

  /**
   * The line without its end.
   *
   * @throws IllegalArgumentException if it is too long or no UTF-8
   */
  String line() {
    if (length > maxBytes) {
      throw new IllegalArgumentException(
          "the line has %d bytes, more than %d".formatted(length, maxBytes));
    }
    int from = start();
    int to = (int) length;
    to -= to > from && line[to - 1] == '\r' ? 1 : 0;
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(line, from, to - from))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the line is not UTF-8", e);
    }
  }

  private int start() {
    boolean mark =
        number == 1
            && length >= 3
            && line[0] == (byte) 0xEF
            && line[1] == (byte) 0xBB
            && line[2] == (byte) 0xBF;
    return mark ? 3 : 0;
  }

  private void take(int count) {
    int kept = (int) Math.min(count, Math.max(0, maxBytes - length));
    if (kept > 0) {
      int end = (int) length + kept;
      if (end > line.length) {
        line = Arrays.copyOf(line, Math.max(end, (int) Math.min(maxBytes, 2L * line.length)));
      }
      System.arraycopy(chunk, position, line, (int) length, kept);
    }
    length += count;
  }

  private boolean fill() throws IOException {
    limit = Math.max(0, in.read(chunk));
    position = 0;
    return limit > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
