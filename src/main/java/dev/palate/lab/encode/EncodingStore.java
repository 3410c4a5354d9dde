package dev.palate.lab.encode;

import dev.palate.lab.data.DataException;
import dev.palate.lab.data.HashIndex;
import dev.palate.lab.data.TextHash;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Embeddings on disk, one file per encoder: a record is 16 bytes of the text's hash and {@code d}
 * little-endian floats. Records are only ever appended, so a run that is killed loses at most the
 * record it was writing: a last record cut short is dropped on the next opening. Reading is through
 * memory mapping, so that the rows need no heap.
 */
public final class EncodingStore implements AutoCloseable {

  private static final int KEY_BYTES = 16;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final FileChannel channel;
  private final FileLock lock;
  private final int dimension;
  private final HashIndex rows = new HashIndex();

  private EncodingStore(FileChannel channel, FileLock lock, int dimension) {
    this.channel = channel;
    this.lock = lock;
    this.dimension = dimension;
  }

  /** Opens for this process alone, making the file where there is none. */
  public static EncodingStore open(Path file, int dimension) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      EncodingStore store = new EncodingStore(channel, locked(file, channel), dimension);
      store.readKeys();
      return store;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static FileLock locked(Path file, FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException e) {
      // the same process has it open: the same answer as for another one
    }
    throw new DataException("the encoding cache '" + file + "' is in use by another run");
  }

  private void readKeys() throws IOException {
    long whole = channel.size() / recordBytes() * recordBytes();
    channel.truncate(whole);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment records = channel.map(FileChannel.MapMode.READ_ONLY, 0, whole, arena);
      for (long position = 0; position < whole; position += recordBytes()) {
        rows.add(new TextHash(records.get(LONG, position), records.get(LONG, position + 8)));
      }
    }
  }

  int size() {
    return rows.size();
  }

  boolean contains(TextHash key) {
    return rows.contains(key);
  }

  /** The row of a text that is {@link #contains contained}. */
  int row(TextHash key) {
    int row = rows.find(key);
    if (row < 0) {
      throw new IllegalArgumentException("'key' is not in the store");
    }
    return row;
  }

  /** Appends embeddings of keys not yet contained, in their order. */
  void append(List<TextHash> keys, float[][] embeddings) throws IOException {
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.toIntExact(keys.size() * recordBytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < keys.size(); i++) {
      buffer.order(ByteOrder.BIG_ENDIAN);
      buffer.putLong(keys.get(i).high()).putLong(keys.get(i).low());
      buffer.order(ByteOrder.LITTLE_ENDIAN);
      for (float value : embeddings[i]) {
        buffer.putFloat(value);
      }
    }
    buffer.flip();
    long position = rows.size() * recordBytes();
    while (buffer.hasRemaining()) {
      position += channel.write(buffer, position);
    }
    keys.forEach(rows::add);
  }

  /** The rows as they are now, readable until the arena closes. */
  Encodings map(Arena arena) throws IOException {
    int size = rows.size();
    MemorySegment bytes =
        channel.map(FileChannel.MapMode.READ_ONLY, 0, size * recordBytes(), arena);
    return new Encodings() {
      @Override
      public int dimension() {
        return dimension;
      }

      @Override
      public int size() {
        return size;
      }

      @Override
      public void copy(int row, float[] target, int offset) {
        MemorySegment.copy(
            bytes, FLOAT, row * recordBytes() + KEY_BYTES, target, offset, dimension);
      }
    };
  }

  private long recordBytes() {
    return KEY_BYTES + (long) Float.BYTES * dimension;
  }

  @Override
  public void close() throws IOException {
    lock.close();
    channel.close();
  }
}
