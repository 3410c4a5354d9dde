package dev.palate.server.users;

import java.time.Duration;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
@Transactional
class StoredRetention implements Retention {

  /**
   * Each kind by its own partial index, and of both the oldest. Whether a label is scored is asked
   * label by label, as a value: as an {@code exists} it may be planned as a join that reads all
   * margins for each batch.
   */
  private static final String DROP =
      """
      with preferences as (
        select id, created_at from label l
        where prompt is not null and %1$s
      ), ties as (
        select id, created_at from label l
        where tie_prompt is not null and %1$s
      ), old as (
        select * from (table preferences union all table ties) both_kinds
        order by created_at, id limit :limit
      ), dropped as (
        update label set prompt = null, chosen = null, rejected = null,
          tie_prompt = null, tie_first = null, tie_second = null
        from old where label.id = old.id
      )
      select count(*) over () as labels, created_at, id from old
      order by created_at desc, id desc limit 1
      """
          .formatted(
              """
              created_at < now() - make_interval(secs => :age)
                and (created_at, id) > (:createdAt, :label)
                and (select true from label_margin m where m.label = l.id and m.model_version = :version)
              order by created_at, id limit :limit
              for no key update skip locked
              """);

  private final JdbcClient jdbc;

  StoredRetention(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Dropped dropTexts(Duration age, String modelVersion, Position after, int limit) {
    return jdbc.sql(DROP)
        .param("age", (double) age.toSeconds())
        .param("createdAt", after.createdAt().atOffset(ZoneOffset.UTC))
        .param("label", after.label())
        .param("version", modelVersion)
        .param("limit", limit)
        .query((row, n) ->
            new Dropped(
                row.getInt("labels"),
                new Position(row.getTimestamp("created_at").toInstant(), row.getLong("id"))))
        .optional()
        .orElse(new Dropped(0, after));
  }

  @Override
  public int deleteComparisons(Duration age, int limit) {
    return jdbc.sql(
            """
            delete from comparison where id in (
              select id from comparison where created_at < now() - make_interval(secs => ?)
              order by created_at limit ? for update skip locked)
            """)
        .param((double) age.toSeconds())
        .param(limit)
        .update();
  }

  @Override
  public int deleteIdempotencyKeys(int limit) {
    return jdbc.sql(
            """
            delete from idempotency where (user_id, key) in (
              select user_id, key from idempotency where created_at < now() - interval '1 day'
              order by created_at limit ? for update skip locked)
            """)
        .param(limit)
        .update();
  }
}
