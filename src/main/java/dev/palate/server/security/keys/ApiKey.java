package dev.palate.server.security.keys;

import dev.palate.server.security.Caller;
import dev.palate.server.security.Reach;
import dev.palate.server.security.Scope;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key as it is stored, without its hash.
 *
 * @param row number in the order of creation, for paging
 * @param name what its owner calls it; may be empty
 * @param createdBy the id of the key that created it, or {@code command line}
 * @param expiresAt null: never
 * @param revokedAt null: not revoked
 * @param lastUsedAt to within {@link KeyVerifier#USE_NOTED}; null: not used yet
 */
record ApiKey(
    long row,
    String id,
    String name,
    Set<Scope> scopes,
    Reach reach,
    Instant createdAt,
    String createdBy,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt,
    @Nullable Instant lastUsedAt) {

  boolean isGood(Instant now) {
    return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
  }

  Caller caller() {
    return new Caller(id, scopes, reach);
  }
}
