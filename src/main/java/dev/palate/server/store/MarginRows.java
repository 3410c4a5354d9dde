package dev.palate.server.store;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** Margins of labels and of comparisons, kept in tables of one shape. */
public final class MarginRows {

  private MarginRows() {}

  /**
   * Writes what is not there yet. The row they are of is locked against its deletion between being
   * found and being referred to.
   *
   * @param of {@code label} or {@code comparison}
   */
  public static void save(
      JdbcTemplate batches, String of, String modelVersion, List<ScoredLabel> scored) {
    batches.batchUpdate(
        """
        insert into %1$s_margin (%1$s, model_version, margins, routing)
        select id, ?, ?::real[], ?::real[] from %1$s where id = ? for key share
        on conflict do nothing
        """
            .formatted(of),
        scored,
        scored.size(),
        (statement, row) -> {
          statement.setString(1, modelVersion);
          statement.setObject(2, row.margins());
          statement.setObject(3, row.routing());
          statement.setLong(4, row.label());
        });
  }
}
