package dev.palate.server.adaptation;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.palate.server.store.AdaptationTrigger;
import dev.palate.server.store.SolverColumns;
import dev.palate.server.store.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Puts users' executions into db-scheduler's table, in the transaction of the change that calls for
 * them. Plain SQL: the scheduler's own insert turns a present row into a failed statement, and in
 * PostgreSQL that fails the whole transaction.
 */
@Component
public class AdaptationSchedule implements AdaptationTrigger {

  /**
   * Due for two hours already: the oldest still come first, and neither a clock that differs
   * between database and instances by an hour or so nor one set back by as much delays a solve.
   */
  private static final Duration OVERDUE = Duration.ofHours(2);

  /** Name of the tasks that solve ranges of users, in db-scheduler's table. */
  public static final String BULK_TASK = "bulk-solve";

  public static final String DUE = "now() - interval '%d s'".formatted(OVERDUE.toSeconds());

  /** No execution is put off for longer. */
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final JdbcClient jdbc;
  private final ObjectProvider<Scheduler> scheduler;

  AdaptationSchedule(JdbcClient jdbc, ObjectProvider<Scheduler> scheduler) {
    this.jdbc = jdbc;
    this.scheduler = scheduler;
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public void schedule(UserId user) {
    jdbc.sql(
            """
            insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
            values (?, ?, %s, false, 1)
            on conflict (task_name, task_instance) do nothing
            """
                .formatted(DUE))
        .param(AdaptationTask.NAME)
        .param(user.value())
        .update();
    wakeAfterCommit();
  }

  /**
   * Whoever's weights are behind in a range of user ids.
   *
   * @param after exclusive
   * @param last inclusive
   * @return how many they are
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public int scheduleBehind(String modelVersion, String after, String last) {
    List<UserId> behind =
        jdbc.sql(
                """
                select u.id from users u
                left join expert_weights w on w.user_id = u.id and w.model_version = ?
                where u.id > ? and u.id <= ? and u.feedback_seq > 0
                  and (w.user_id is null or not (%s))
                """
                    .formatted(SolverColumns.upToDate("w", "u")))
            .param(modelVersion)
            .param(after)
            .param(last)
            .query((row, n) -> new UserId(row.getString(1)))
            .list();
    behind.forEach(this::schedule);
    return behind.size();
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public void cancel(UserId user) {
    jdbc.sql("delete from scheduled_tasks where task_name = ? and task_instance = ?")
        .param(AdaptationTask.NAME)
        .param(user.value())
        .update();
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public boolean isScheduled(UserId user) {
    return jdbc.sql(
            """
            select exists (
              select from scheduled_tasks where task_name = ? and task_instance = ?)
            """)
        .param(AdaptationTask.NAME)
        .param(user.value())
        .query(Boolean.class)
        .single();
  }

  /** Removes what is scheduled for a user who is not there; one who came again keeps it. */
  @Transactional
  public void removeOrphan(UserId user) {
    jdbc.sql(
            """
            delete from scheduled_tasks where task_name = ? and task_instance = ?
            and not exists (select from users where id = task_instance)
            """)
        .param(AdaptationTask.NAME)
        .param(user.value())
        .update();
  }

  /**
   * What was put off by a clock that is far ahead of the database's, now or at that time, comes
   * after the longest pause: otherwise it would wait until the clocks that look have come so far.
   */
  @Transactional
  public void bringForward() {
    jdbc.sql(
            """
            update scheduled_tasks set execution_time = now() + make_interval(secs => :pause)
            where execution_time > now() + make_interval(secs => 2 * :pause)
            and task_name in (:names) and not picked
            """)
        .param("pause", LONGEST_PAUSE.toSeconds())
        .param("names", List.of(AdaptationTask.NAME, BULK_TASK))
        .update();
  }

  /** When an execution is due that is to come at once, by the clock of this instance. */
  public static Instant atOnce(Clock clock) {
    return clock.instant().minus(OVERDUE);
  }

  /** Before the commit the scheduler would look, find nothing, and sleep for its interval. */
  public void wakeAfterCommit() {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            wake();
          }
        });
  }

  /** The scheduler looks for due executions now. */
  public void wake() {
    scheduler.ifAvailable(Scheduler::triggerCheckForDueExecutions);
  }
}
