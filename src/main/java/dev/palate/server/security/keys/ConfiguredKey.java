package dev.palate.server.security.keys;

import dev.palate.server.security.Caller;
import dev.palate.server.security.Reach;
import dev.palate.server.security.Scope;
import dev.palate.server.security.SecuritySettings;
import dev.palate.server.security.SecuritySetupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The first key, from {@code palate.security.admin-key} or a file. It has scope admin and makes the
 * others. It is in no table: it is good while it is configured, on the replicas where it is.
 *
 * @param hash of its secret
 */
public record ConfiguredKey(String id, byte[] hash) {

  /**
   * @throws SecuritySetupException if it is not of the form of a key
   */
  public static Optional<ConfiguredKey> of(SecuritySettings settings) {
    @Nullable Path file = settings.adminKeyFile();
    @Nullable String text = settings.adminKey();
    if (file != null && !file.toString().isEmpty()) {
      try {
        text = Files.readString(file);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read palate.security.admin-key-file " + file, e);
      }
    }
    if (text == null || text.isBlank()) {
      return Optional.empty();
    }
    KeyToken token = KeyToken.parse(text.strip()).orElseThrow(ConfiguredKey::invalid);
    return Optional.of(new ConfiguredKey(token.id(), token.hash()));
  }

  public Optional<Caller> caller(KeyToken token) {
    return token.id().equals(id) && token.hasHash(hash)
        ? Optional.of(new Caller(id, Set.of(Scope.ADMIN), Reach.EVERYONE))
        : Optional.empty();
  }

  private static SecuritySetupException invalid() {
    return new SecuritySetupException(
        "'palate.security.admin-key' (PALATE_ADMIN_KEY, or the file) is not of the form <id>.<secret>.",
        "Make one with: echo \"admin.$(openssl rand -hex 32)\"");
  }
}
