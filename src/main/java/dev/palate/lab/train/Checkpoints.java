package dev.palate.lab.train;

import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.TextHash;
import dev.palate.lab.encode.EncodedPairs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * Checkpoints on disk, one a run, found again by what decides the run's outcome: its settings and
 * its data. A file is replaced whole or not at all, so a run that is killed while it writes goes on
 * from the epoch before; one that is damaged all the same is taken for none.
 */
public final class Checkpoints {

  /** To be raised when training changes, so that no run goes on from another's middle. */
  private static final int FORMAT = 4;

  private static final int DIGEST_BYTES = 32;

  private final Path directory;

  public Checkpoints(Path directory) {
    this.directory = directory;
  }

  /**
   * The name of a run.
   *
   * @param settings whose text says all that decides the outcome beside the data, the seed included
   */
  static String key(Object settings, EncodedPairs train, EncodedPairs validation) {
    MessageDigest digest = TextHash.sha256();
    digest.update((FORMAT + " " + settings).getBytes(StandardCharsets.UTF_8));
    update(digest, train);
    update(digest, validation);
    return HexFormat.of().formatHex(digest.digest(), 0, 16);
  }

  private static void update(MessageDigest digest, EncodedPairs pairs) {
    ByteBuffer numbers = ByteBuffer.allocate(5 * Long.BYTES);
    float[] row = new float[pairs.encodings().dimension()];
    float[][] differences = pairs.pairDifferences();
    for (int i = 0; i < pairs.size(); i++) {
      PreferencePair pair = pairs.pairs().get(i);
      String user = pair.userKey() == null ? pair.dataset() : pair.userKey();
      byte[] who = user.getBytes(StandardCharsets.UTF_8);
      numbers.clear();
      numbers.putLong(who.length).putDouble(pair.strength());
      for (int[] rows : new int[][] {pairs.prompts(), pairs.chosen(), pairs.rejected()}) {
        pairs.encodings().copy(rows[i], row, 0);
        numbers.putLong(mixed(row));
      }
      digest.update(who);
      digest.update(numbers.array());
      if (differences != null) {
        ByteBuffer read = ByteBuffer.allocate(Long.BYTES);
        digest.update(read.putLong(mixed(differences[i])).array());
      }
    }
  }

  /** Embeddings are too many bytes for a digest; this only has to notice that they are others. */
  private static long mixed(float[] row) {
    long mixed = 0;
    for (float value : row) {
      mixed = (mixed ^ Float.floatToRawIntBits(value)) * 0x9E3779B97F4A7C15L;
      mixed ^= mixed >>> 29;
    }
    return mixed;
  }

  /** Where the run of this key was; empty: it is new, or ended. */
  Optional<Checkpoint> find(String key) {
    try {
      byte[] file = Files.readAllBytes(file(key));
      int length = file.length - DIGEST_BYTES;
      if (length < 0) {
        return Optional.empty();
      }
      byte[] digest = TextHash.sha256().digest(Arrays.copyOf(file, length));
      if (!Arrays.equals(digest, Arrays.copyOfRange(file, length, file.length))) {
        return Optional.empty();
      }
      return Optional.of(
          Checkpoint.readFrom(new DataInputStream(new ByteArrayInputStream(file, 0, length))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("the checkpoint '" + file(key) + "' cannot be read", e);
    }
  }

  /** Replaces the run's checkpoint. */
  void write(String key, Checkpoint checkpoint) {
    Path temporary = directory.resolve(key + "-" + UUID.randomUUID() + ".tmp");
    try {
      Files.createDirectories(directory);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      checkpoint.writeTo(new DataOutputStream(bytes));
      bytes.write(TextHash.sha256().digest(bytes.toByteArray()));
      write(temporary, ByteBuffer.wrap(bytes.toByteArray()));
      Files.move(temporary, file(key), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("the checkpoint '" + file(key) + "' cannot be written", e);
    }
  }

  /** On the disk before its name says so, power cuts included. */
  private static void write(Path temporary, ByteBuffer bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  /** The run has ended: the next one with these settings and data starts anew. */
  void delete(String key) {
    try {
      Files.deleteIfExists(file(key));
    } catch (IOException e) {
      throw new UncheckedIOException("the checkpoint '" + file(key) + "' cannot be deleted", e);
    }
  }

  private Path file(String key) {
    return directory.resolve(key + ".checkpoint");
  }
}
