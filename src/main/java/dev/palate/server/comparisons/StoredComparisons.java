package dev.palate.server.comparisons;

import dev.palate.core.taste.LabelMargin;
import dev.palate.server.store.Floats;
import dev.palate.server.store.MarginRows;
import dev.palate.server.store.ScoredLabel;
import dev.palate.server.store.StoredUserMemory;
import dev.palate.server.store.UnscoredLabel;
import dev.palate.server.store.UserId;
import dev.palate.server.store.UserRows;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
@Transactional(timeout = StoredComparisons.SECONDS)
@EnableConfigurationProperties(ComparisonSettings.class)
class StoredComparisons implements Comparisons {

  /** Then the database is as good as away. */
  static final int SECONDS = 5;

  private final UserRows users;
  private final ComparisonRows rows;
  private final ComparisonSettings settings;
  private final JdbcClient jdbc;
  private final JdbcTemplate batches;

  StoredComparisons(
      UserRows users,
      ComparisonRows rows,
      ComparisonSettings settings,
      JdbcClient jdbc,
      JdbcTemplate batches) {
    this.users = users;
    this.rows = rows;
    this.settings = settings;
    this.jdbc = jdbc;
    this.batches = batches;
  }

  @Override
  public ComparisonsReceipt take(UserId user, List<NewComparison> given) {
    users.lockOrCreate(user);
    ComparisonRows.Fresh fresh = rows.fresh(user, given);
    int stored = rows.count(user) + fresh.comparisons().size();
    if (!fresh.comparisons().isEmpty() && stored > settings.maxPerUser()) {
      throw new ProblemException(
          ErrorCode.TOO_MANY_COMPARISONS,
          "Nothing was stored: the user would have %d comparisons of at most %d. Label or delete some first, or send fewer"
              .formatted(stored, settings.maxPerUser()));
    }
    rows.add(user, fresh.comparisons());
    return new ComparisonsReceipt(
        user, fresh.comparisons().size(), fresh.duplicates(), fresh.labelled(), stored);
  }

  @Override
  public List<UnscoredLabel> unscored(UserId user, String modelVersion, int limit) {
    return jdbc.sql(
            """
            select c.id, c.prompt, c.first, c.second from comparison c
            where c.user_id = ? and not exists (
              select from comparison_margin m where m.comparison = c.id and m.model_version = ?)
            order by c.id limit ?
            """)
        .param(user.value())
        .param(modelVersion)
        .param(limit)
        .query((row, n) -> StoredUserMemory.unscoredLabel(row))
        .list();
  }

  @Override
  public void saveMargins(String modelVersion, List<ScoredLabel> scored) {
    MarginRows.saveOfComparisons(batches, modelVersion, scored);
  }

  @Override
  public List<StoredComparison> scored(UserId user, String modelVersion) {
    return jdbc.sql(
            """
            select c.id, array_send(m.margins), array_send(m.routing)
            from comparison c join comparison_margin m on m.comparison = c.id and m.model_version = ?
            where c.user_id = ? and m.margins is not null
            order by c.id
            """)
        .param(modelVersion)
        .param(user.value())
        .query((row, n) ->
            new StoredComparison(
                row.getLong(1),
                new LabelMargin(
                    Objects.requireNonNull(Floats.of(row, 2)),
                    Objects.requireNonNull(Floats.of(row, 3)),
                    1)))
        .list();
  }

  @Override
  public List<StoredComparison.Texts> texts(List<Long> comparisons) {
    return jdbc.sql(
            "select id, comparison_id, prompt, first, second from comparison where id = any (?)")
        .param(comparisons.toArray(Long[]::new))
        .query((row, n) ->
            new StoredComparison.Texts(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5)))
        .list();
  }

  @Override
  public void delete(UserId user, String comparisonId) {
    if (users.lock(user).isEmpty() || !rows.delete(user, comparisonId)) {
      throw new ProblemException(ErrorCode.NOT_FOUND, "The user has no comparison of this id");
    }
  }

  @Override
  public void deleteAll(UserId user) {
    if (users.lock(user).isPresent()) {
      rows.deleteAll(user);
    }
  }
}
