package dev.palate.core.bundle;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Files that are there whole or not at all. */
public final class AtomicFiles {
  private AtomicFiles() {}

  /** Writes to the path it is given. */
  public interface Content {
    void writeTo(Path temporary) throws IOException;
  }

  /** Lets {@code content} write a neighbour of {@code target}, then moves it in place. */
  public static void write(Path target, Content content) throws IOException {
    Path directory = target.toAbsolutePath().getParent();
    Files.createDirectories(directory);
    // not createTempFile: its files are readable by their owner alone, and so would the target be
    Path temporary =
        target.resolveSibling("." + target.getFileName() + "-" + UUID.randomUUID() + ".tmp");
    try {
      content.writeTo(temporary);
      try {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
