package dev.palate.server.store;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Writes margins of labels and of comparisons where there are none yet. The row they are of is
 * locked against its deletion between being found and being referred to.
 */
public final class MarginRows {

  private static final String OF_LABELS =
      """
      insert into label_margin (label, model_version, margins, routing, tie_margins, tie_routing)
      select l.id, ?, case when not l.tie then s.margins end, case when not l.tie then s.routing end,
        case when l.tie then s.margins end, case when l.tie then s.routing end
      from label l, (select ?::real[] as margins, ?::real[] as routing) s
      where l.id = ? for key share of l
      on conflict do nothing
      """;

  private static final String OF_COMPARISONS =
      """
      insert into comparison_margin (comparison, model_version, margins, routing)
      select id, ?, ?::real[], ?::real[] from comparison where id = ? for key share
      on conflict do nothing
      """;

  private MarginRows() {}

  public static void saveOfLabels(
      JdbcTemplate batches, String modelVersion, List<ScoredLabel> scored) {
    save(batches, OF_LABELS, modelVersion, scored);
  }

  public static void saveOfComparisons(
      JdbcTemplate batches, String modelVersion, List<ScoredLabel> scored) {
    save(batches, OF_COMPARISONS, modelVersion, scored);
  }

  private static void save(
      JdbcTemplate batches, String sql, String modelVersion, List<ScoredLabel> scored) {
    batches.batchUpdate(
        sql,
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
