package dev.palate.server.security.keys;

import dev.palate.server.security.Reach;
import dev.palate.server.security.Scope;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code api_key}; each call is one statement. */
class ApiKeyRows {

  private final JdbcClient jdbc;

  ApiKeyRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A key with what a secret is held against. */
  record Stored(ApiKey key, byte[] hash) {}

  void insert(KeyToken token, NewKey key, Instant now, String createdBy) {
    jdbc.sql(
            """
            insert into api_key
              (id, secret_hash, name, scopes, user_id, user_prefix, created_at, created_by, expires_at)
            values (:id, :hash, :name, :scopes, :user, :prefix, :now, :by, :expires)
            """)
        .param("id", token.id())
        .param("hash", token.hash())
        .param("name", key.name() == null ? "" : key.name())
        .param("scopes", words(key.scopeSet()))
        .param("user", key.user())
        .param("prefix", key.prefix())
        .param("now", utc(now))
        .param("by", createdBy)
        .param("expires", utc(key.expiresAt()), java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
        .update();
  }

  Optional<Stored> find(String id) {
    return jdbc.sql("select * from api_key where id = ?")
        .param(id)
        .query((row, n) -> new Stored(key(row), row.getBytes("secret_hash")))
        .optional();
  }

  /** In the order of creation, from after {@code row}. */
  List<ApiKey> list(long row, int limit) {
    return jdbc.sql("select * from api_key where row > ? order by row limit ?")
        .param(row)
        .param(limit)
        .query((result, n) -> key(result))
        .list();
  }

  /** Bound to exactly this user, in the order of creation. */
  List<ApiKey> of(String user) {
    return jdbc.sql("select * from api_key where user_id = ? order by row")
        .param(user)
        .query((result, n) -> key(result))
        .list();
  }

  /**
   * The first revocation stands.
   *
   * @return whether there is such a key
   */
  boolean revoke(String id, Instant now) {
    return jdbc.sql("update api_key set revoked_at = coalesce(revoked_at, ?) where id = ?")
            .param(utc(now))
            .param(id)
            .update()
        > 0;
  }

  void noteUse(String id, Instant now) {
    jdbc.sql("update api_key set last_used_at = ? where id = ?").param(utc(now)).param(id).update();
  }

  private static ApiKey key(ResultSet row) throws SQLException {
    Set<Scope> scopes = new TreeSet<>();
    Array words = row.getArray("scopes");
    Arrays.stream((Object[]) words.getArray())
        .forEach(word -> Scope.of(word.toString()).ifPresent(scopes::add));
    Instant created = instant(row, "created_at");
    return new ApiKey(
        row.getLong("row"),
        row.getString("id"),
        row.getString("name"),
        scopes,
        new Reach(row.getString("user_id"), row.getString("user_prefix")),
        created == null ? Instant.EPOCH : created,
        row.getString("created_by"),
        instant(row, "expires_at"),
        instant(row, "revoked_at"),
        instant(row, "last_used_at"));
  }

  private static String[] words(Set<Scope> scopes) {
    return scopes.stream().sorted().map(Scope::word).toArray(String[]::new);
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp time = row.getTimestamp(column);
    return time == null ? null : time.toInstant();
  }
}
