package dev.palate.server.users;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file for what is too large for memory and nobody's business: its owner's alone to read, and
 * gone when it is closed. Where the system lets an open file be without a name (Linux does), it has
 * none from the start, and is gone however the process ends.
 */
final class PrivateFile implements AutoCloseable {

  static final String PREFIX = "palate-private-";

  private final FileChannel channel;

  private PrivateFile(FileChannel channel) {
    this.channel = channel;
  }

  static PrivateFile create() throws IOException {
    // Of this kind, only the owner may read and write it
    Path path = Files.createTempFile(PREFIX, ".json");
    try {
      return new PrivateFile(
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE));
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /** To be flushed; closing it closes the file. */
  OutputStream out() {
    return Channels.newOutputStream(channel);
  }

  long size() throws IOException {
    return channel.size();
  }

  void sendTo(OutputStream out) throws IOException {
    channel.position(0);
    Channels.newInputStream(channel).transferTo(out);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
