package dev.palate.server.security.keys;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.palate.server.security.Scope;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The keys that are bound to exactly one user, for whoever tells that user what is held. */
@Component
@Lazy
public class KeysOfUsers {

  private final ApiKeyRows rows;

  KeysOfUsers(JdbcClient jdbc) {
    this.rows = new ApiKeyRows(jdbc);
  }

  /**
   * A key without what it is held against.
   *
   * @param expiresAt null: never
   * @param revokedAt null: not revoked
   * @param lastUsedAt to within five minutes; null: not used yet
   */
  @Schema(name = "KeyOfUser")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record KeyOfUser(
      String id,
      String name,
      List<Scope> scopes,
      Instant createdAt,
      @Nullable Instant expiresAt,
      @Nullable Instant revokedAt,
      @Nullable Instant lastUsedAt) {

    private static KeyOfUser of(ApiKey key) {
      return new KeyOfUser(
          key.id(),
          key.name(),
          key.scopes().stream().sorted().toList(),
          key.createdAt(),
          key.expiresAt(),
          key.revokedAt(),
          key.lastUsedAt());
    }
  }

  /** In the order of creation; revoked and expired ones too. Joins the caller's transaction. */
  public List<KeyOfUser> of(String user) {
    return rows.of(user).stream().map(KeyOfUser::of).toList();
  }
}
