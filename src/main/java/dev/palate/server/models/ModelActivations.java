package dev.palate.server.models;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Activations as stored, for every replica to read. */
@Repository
class ModelActivations {

  private static final String COLUMNS =
      "select id, bundle, model_version, configured_version, activated_at, activated_by"
          + " from model_activation ";

  private final JdbcClient jdbc;

  ModelActivations(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  long add(String bundle, String modelVersion, String configuredVersion, String by) {
    return jdbc.sql(
            """
            insert into model_activation (bundle, model_version, configured_version, activated_by)
            values (?, ?, ?, ?) returning id
            """)
        .param(bundle)
        .param(modelVersion)
        .param(configuredVersion)
        .param(by)
        .query(Long.class)
        .single();
  }

  Optional<ModelActivation> newest() {
    return jdbc.sql(COLUMNS + "order by id desc limit 1")
        .query((row, n) -> activation(row))
        .optional();
  }

  /**
   * Newest first.
   *
   * @param before null: from the newest
   */
  List<ModelActivation> list(@Nullable Long before, int limit) {
    return jdbc.sql(COLUMNS + "where id < ? order by id desc limit ?")
        .param(before == null ? Long.MAX_VALUE : before)
        .param(limit)
        .query((row, n) -> activation(row))
        .list();
  }

  private static ModelActivation activation(ResultSet row) throws SQLException {
    return new ModelActivation(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getTimestamp(5).toInstant(),
        row.getString(6));
  }
}
