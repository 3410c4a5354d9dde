package dev.palate.core.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * {@code warnings.json} of a bundle directory: the warnings of the training. The manifest does not
 * name it, so that a Palate that does not know the file reads the bundle as before. It names the
 * version it belongs to.
 *
 * @param modelVersion the bundle's version
 * @param warnings at least one
 */
record WarningsFile(String modelVersion, List<BundleWarning> warnings) {

  static final String NAME = "warnings.json";

  /**
   * The warnings of a bundle; none where it has no such file.
   *
   * @throws BundleException if the file cannot be read, or is of another version
   */
  static List<BundleWarning> read(Path dir, String version) {
    Path file = dir.resolve(NAME);
    if (!Files.exists(file)) {
      return List.of();
    }
    WarningsFile read;
    try {
      read =
          Bundles.JSON.readValue(
              Files.readString(file, StandardCharsets.UTF_8), WarningsFile.class);
    } catch (JacksonException e) {
      throw new BundleException(unreadable(file, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new BundleException(unreadable(file, e.getMessage()), e);
    }
    if (read == null || read.warnings().stream().anyMatch(warning -> warning == null)) {
      throw new BundleException(unreadable(file, "it is empty or has a gap"));
    }
    if (!read.modelVersion().equals(version)) {
      throw new BundleException(
          unreadable(
              file, "it belongs to version %s, not %s".formatted(read.modelVersion(), version)));
    }
    return List.copyOf(read.warnings());
  }

  /** Writes the warnings, or deletes the file where there are none. */
  static void write(Path dir, String version, List<BundleWarning> warnings) throws IOException {
    Path file = dir.resolve(NAME);
    if (warnings.isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    byte[] json = Bundles.JSON.writeValueAsBytes(new WarningsFile(version, warnings));
    AtomicFiles.write(file, target -> Files.write(target, json));
  }

  private static String unreadable(Path file, @Nullable String why) {
    return "%s cannot be read: %s. Restore the file, or delete it: it decides no score."
        .formatted(file, why);
  }
}
