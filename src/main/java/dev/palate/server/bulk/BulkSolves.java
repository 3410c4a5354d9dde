package dev.palate.server.bulk;

import com.github.kagkarlsson.scheduler.task.Priority;
import dev.palate.core.taste.SolverVersion;
import dev.palate.server.adaptation.AdaptationSchedule;
import dev.palate.server.store.SolverColumns;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Bulk solves and their key ranges, as stored. */
@Repository
@Transactional
public class BulkSolves {

  /**
   * Users whose weights for a model have not seen all of their labels, or are of an older solver.
   */
  private static final String BEHIND =
      """
      users u where u.feedback_seq > 0 and not exists (
        select from expert_weights w
        where w.user_id = u.id and w.model_version = :version and %s)
      """
          .formatted(SolverColumns.upToDate("w", "u"));

  private final JdbcClient jdbc;
  private final AdaptationSchedule schedule;

  BulkSolves(JdbcClient jdbc, AdaptationSchedule schedule) {
    this.jdbc = jdbc;
    this.schedule = schedule;
  }

  /** Whether anybody's weights have seen all labels, by an older solver. */
  boolean anyOfOlderSolver(String modelVersion) {
    return jdbc.sql(
            "select exists (select from expert_weights where model_version = ? and %s < ?)"
                .formatted(SolverColumns.VERSION))
        .param(modelVersion)
        .param(SolverVersion.CURRENT)
        .query(Boolean.class)
        .single();
  }

  boolean anyBehind(String modelVersion) {
    return jdbc.sql("select exists (select from " + BEHIND + ")")
        .param("version", modelVersion)
        .query(Boolean.class)
        .single();
  }

  /**
   * Starts a bulk for all users whose weights for the model are behind, cut into ranges; or joins
   * the one that runs for this model, whichever replica started it.
   *
   * @return its id
   */
  long start(String modelVersion, int usersPerRange) {
    jdbc.sql("delete from bulk_solve where finished_at < now() - interval '30 days'").update();
    Optional<Long> started =
        jdbc.sql(
                """
                insert into bulk_solve (model_version) values (?)
                on conflict (model_version) where finished_at is null do nothing returning id
                """)
            .param(BulkTarget.of(modelVersion).text())
            .query(Long.class)
            .optional();
    if (started.isEmpty()) {
      return newest(modelVersion);
    }
    long bulk = started.get();
    cut(bulk, modelVersion, usersPerRange);
    finishIfDone(bulk);
    // A user's own job has no priority, which PostgreSQL puts before any that is given
    jdbc.sql(
            """
            insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version,
              priority)
            select ?, bulk || '/' || number, %s, false, 1, ? from bulk_solve_range where bulk = ?
            """
                .formatted(AdaptationSchedule.DUE))
        .param(BulkTask.NAME)
        .param(Priority.LOW)
        .param(bulk)
        .update();
    schedule.wakeAfterCommit();
    return bulk;
  }

  /** The one that runs, or where it has just ended, that one. */
  private long newest(String modelVersion) {
    return jdbc.sql("select max(id) from bulk_solve where model_version = ?")
        .param(BulkTarget.of(modelVersion).text())
        .query(Long.class)
        .single();
  }

  private void cut(long bulk, String modelVersion, int usersPerRange) {
    jdbc.sql(
            """
            insert into bulk_solve_range (bulk, number, reached, last_user, users)
            select :bulk, number, coalesce(lag(last_user) over (order by number), ''), last_user, users
            from (
              select number, max(id) as last_user, count(*) as users
              from (select id, (row_number() over (order by id) - 1) / :size as number from %s) behind
              group by number
            ) ranges
            """
                .formatted(BEHIND))
        .param("bulk", bulk)
        .param("size", usersPerRange)
        .param("version", modelVersion)
        .update();
    jdbc.sql(
            """
            update bulk_solve set users = (
              select coalesce(sum(users), 0) from bulk_solve_range where bulk = id)
            where id = ?
            """)
        .param(bulk)
        .update();
  }

  /** Share of the users of the newest bulk for the model that are done; 1 without any. */
  public double newestProgress(String modelVersion) {
    return jdbc.sql("select max(id) from bulk_solve where model_version = ?")
        .param(BulkTarget.of(modelVersion).text())
        .query(Long.class)
        .optional()
        .flatMap(this::find)
        .filter(bulk -> bulk.finishedAt() == null && bulk.users() > 0)
        .map(bulk -> (double) bulk.done() / bulk.users())
        .orElse(1.0);
  }

  Optional<BulkSolve> find(long bulk) {
    return jdbc.sql(
            """
            select id, split_part(model_version, '/', 1) as model_version, b.users, coalesce(sum(r.done), 0) as done,
              coalesce(sum(r.failed), 0) as failed, started_at, b.finished_at, clock_timestamp() as now
            from bulk_solve b left join bulk_solve_range r on r.bulk = b.id
            where b.id = ? group by b.id
            """)
        .param(bulk)
        .query(BulkSolve.class)
        .optional();
  }

  /** Whether a bulk for any model is not over. */
  public boolean anyRuns() {
    return jdbc.sql("select exists (select from bulk_solve where finished_at is null)")
        .query(Boolean.class)
        .single();
  }

  /** Ranges that are over name no users any more. */
  public void forgetBorders() {
    jdbc.sql(
            """
            update bulk_solve_range set reached = '', last_user = ''
            where finished_at is not null and last_user <> ''
            """)
        .update();
  }

  /** Empty: there is nothing left to be done in this range. */
  Optional<BulkRange> range(BulkRange.Key key) {
    return jdbc.sql(
            """
            select model_version, reached, last_user, started_at
            from bulk_solve_range r join bulk_solve b on b.id = r.bulk
            where r.bulk = ? and number = ? and r.finished_at is null
            """)
        .param(key.bulk())
        .param(key.number())
        .query((row, n) ->
            new BulkRange(
                key,
                BulkTarget.parse(row.getString(1)),
                row.getString(2),
                row.getString(3),
                row.getTimestamp(4).toInstant()))
        .optional();
  }

  /**
   * Moves a range on, in the transaction that wrote what was solved.
   *
   * @return false: somebody else has moved it since it was read
   */
  @Transactional(propagation = Propagation.MANDATORY)
  boolean advance(BulkRange range, String reached, int done, int failed) {
    return jdbc.sql(
                """
                update bulk_solve_range set reached = ?, done = done + ?, failed = failed + ?
                where bulk = ? and number = ? and reached = ? and finished_at is null
                """)
            .param(reached)
            .param(done)
            .param(failed)
            .param(range.key().bulk())
            .param(range.key().number())
            .param(range.reached())
            .update()
        > 0;
  }

  /** Nobody is left in the range; with the last range, the bulk is over. */
  void finish(BulkRange.Key key) {
    jdbc.sql(
            """
            update bulk_solve_range set done = users, finished_at = clock_timestamp()
            where bulk = ? and number = ? and finished_at is null
            """)
        .param(key.bulk())
        .param(key.number())
        .update();
    finishIfDone(key.bulk());
  }

  /** Whoever is left in the range stays behind. */
  void abandon(BulkRange.Key key) {
    jdbc.sql(
            """
            update bulk_solve_range set failed = failed + users - done
            where bulk = ? and number = ? and finished_at is null
            """)
        .param(key.bulk())
        .param(key.number())
        .update();
    finish(key);
  }

  /**
   * The bulk's row is locked first: of two last ranges, the second sees that the first is over. Not
   * for update: a range's foreign key may hold the row already, in both.
   */
  private void finishIfDone(long bulk) {
    jdbc.sql("select id from bulk_solve where id = ? for no key update")
        .param(bulk)
        .query(Long.class)
        .optional();
    jdbc.sql(
            """
            update bulk_solve set finished_at = clock_timestamp()
            where id = :bulk and finished_at is null and not exists (
              select from bulk_solve_range where bulk = :bulk and finished_at is null)
            """)
        .param("bulk", bulk)
        .update();
  }

  /** Leaves whoever is still behind in the range to their own jobs. */
  void giveUp(BulkRange range) {
    int left =
        schedule.scheduleBehind(range.target().modelVersion(), range.reached(), range.lastUser());
    if (advance(range, range.lastUser(), 0, left)) {
      finish(range.key());
    }
  }
}
