package dev.palate.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.function.Consumer;

/** A file that is there whole or not at all, and that only its owner may read. */
final class WholeFile {

  private WholeFile() {}

  /**
   * @return its size in bytes
   * @throws ServiceException if it cannot be written; what stood there before stands there still
   */
  static long write(Path file, Consumer<OutputStream> content) {
    try {
      Path at = file.toAbsolutePath();
      Path directory = Objects.requireNonNullElse(at.getParent(), at);
      Path part = Files.createTempFile(directory, ".palate-", ".part");
      try {
        try (OutputStream to = Files.newOutputStream(part)) {
          content.accept(to);
        }
        long bytes = Files.size(part);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        return bytes;
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new ServiceException("%s cannot be written: %s".formatted(file, e.getMessage()));
    }
  }
}
