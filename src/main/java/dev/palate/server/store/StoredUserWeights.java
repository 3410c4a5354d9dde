package dev.palate.server.store;

import dev.palate.server.database.ScoringPool;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Reads over connections that nothing but scoring uses, in one round trip. */
@Service
class StoredUserWeights implements UserWeights {

  private final JdbcClient jdbc;

  StoredUserWeights(ScoringPool pool) {
    this.jdbc = pool.client();
  }

  @Override
  public Optional<StoredWeights> find(UserId user, String modelVersion) {
    return jdbc.sql(
            """
            select w.version, %s, array_send(w.shift), array_send(w.uncertainty), w.significant, w.labels,
              w.agreement, w.solved_seq, u.feedback_seq, w.solved_at
            from expert_weights w join users u on u.id = w.user_id
            where w.user_id = ? and w.model_version = ?
            """
                .formatted(SolverColumns.version("w")))
        .param(user.value())
        .param(modelVersion)
        .query((row, n) -> weights(modelVersion, row))
        .optional();
  }

  private static StoredWeights weights(String modelVersion, ResultSet row) throws SQLException {
    return new StoredWeights(
        modelVersion,
        row.getLong(1),
        row.getInt(2),
        Objects.requireNonNull(Floats.of(row, 3)),
        Objects.requireNonNull(Floats.of(row, 4)),
        booleans((Boolean[]) row.getArray(5).getArray()),
        row.getInt(6),
        row.getDouble(7),
        row.getLong(8),
        row.getLong(9),
        row.getTimestamp(10).toInstant());
  }

  private static boolean[] booleans(Boolean[] boxed) {
    boolean[] values = new boolean[boxed.length];
    for (int k = 0; k < values.length; k++) {
      values[k] = boxed[k];
    }
    return values;
  }
}
