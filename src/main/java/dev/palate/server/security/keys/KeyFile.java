package dev.palate.server.security.keys;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** A key in a file of its own, for a program that reads it there (Prometheus). */
final class KeyFile {

  private KeyFile() {}

  /**
   * Makes the file, which nobody but its owner and group may ever have read.
   *
   * @return whether it could
   */
  static boolean write(Path file, String key) {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] ownerAndGroup =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))
            }
            : new FileAttribute<?>[0];
    try {
      Files.createFile(file, ownerAndGroup);
      Files.writeString(file, key + "\n");
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
