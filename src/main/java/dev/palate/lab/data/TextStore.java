package dev.palate.lab.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.UUID;

/**
 * The texts of a run, on disk instead of on the heap. A text is appended once and read through
 * memory mapping by its position; a record is the length in bytes and that many bytes of UTF-8.
 *
 * <p>The file belongs to one run and is gone with it: it is deleted when its channel closes (where
 * the system allows it, as soon as it is open), and what is mapped stays readable as long as
 * someone holds this store.
 */
public final class TextStore {

  /** The position of no text. */
  static final long NONE = -1;

  private static final ValueLayout.OfInt LENGTH =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path directory;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private HashIndex index = new HashIndex();
  private long[] positions = new long[16];
  private long flushed;
  private volatile MemorySegment mapped = MemorySegment.NULL;

  private TextStore(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * An empty store in a file of its own.
   *
   * @throws DataException if the directory cannot be written to
   */
  public static TextStore in(Path directory) {
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(
              directory.resolve(UUID.randomUUID() + ".texts"),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      return new TextStore(directory, channel);
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  /** A store where the system keeps its temporary files. */
  static TextStore temporary() {
    return in(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /**
   * Appends a text.
   *
   * @return its position
   * @throws IllegalArgumentException if it is no Unicode text
   */
  synchronized long add(String text) {
    ByteBuffer bytes = utf8(text);
    long position = flushed + buffer.position();
    try {
      if (buffer.remaining() < Integer.BYTES + bytes.remaining()) {
        flush();
        position = flushed;
      }
      buffer.putInt(bytes.remaining());
      if (bytes.remaining() <= buffer.remaining()) {
        buffer.put(bytes);
      } else {
        flush();
        write(bytes);
      }
    } catch (IOException e) {
      throw failed(directory, e);
    }
    return position;
  }

  /** Like {@link #add}, but texts that were added by this method before keep their position. */
  synchronized long addOnce(String text) {
    TextHash hash = TextHash.of(text);
    int found = index.find(hash);
    if (found >= 0) {
      return positions[found];
    }
    long position = add(text);
    if (index.size() == positions.length) {
      positions = Arrays.copyOf(positions, positions.length + (positions.length >> 1));
    }
    positions[index.add(hash)] = position;
    return position;
  }

  /** The text that was added at this position. */
  String text(long position) {
    MemorySegment bytes = mapped;
    if (position >= bytes.byteSize()) {
      bytes = map();
    }
    byte[] utf8 = new byte[bytes.get(LENGTH, position)];
    MemorySegment.copy(
        bytes, ValueLayout.JAVA_BYTE, position + Integer.BYTES, utf8, 0, utf8.length);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** No text will be added any more: frees what only adding needs. */
  synchronized void seal() {
    map();
    index = new HashIndex();
    positions = new long[0];
    try {
      channel.close();
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  private synchronized MemorySegment map() {
    try {
      flush();
      mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, flushed, Arena.ofAuto());
      return mapped;
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  private void flush() throws IOException {
    write(buffer.flip());
    buffer.clear();
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      flushed += channel.write(bytes, flushed);
    }
  }

  private static ByteBuffer utf8(String text) {
    try {
      // Unlike getBytes, this refuses half a surrogate pair instead of writing a question mark
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a text holds half a surrogate pair", e);
    }
  }

  private static DataException failed(Path directory, IOException e) {
    return new DataException("texts cannot be kept in '" + directory + "': " + e.getMessage(), e);
  }
}
