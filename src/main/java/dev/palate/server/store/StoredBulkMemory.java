package dev.palate.server.store;

import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.SolverVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Repository
@Transactional(propagation = Propagation.MANDATORY)
class StoredBulkMemory implements BulkMemory {

  /** Rows that the driver holds at a time; one is about 1 KB at 64 experts. */
  private static final int FETCHED = 2_000;

  private static final String BEHIND =
      """
      select u.id, u.incarnation, u.feedback_seq, l.id, l.strength, m.label,
        array_send(coalesce(m.margins, m.tie_margins)),
        array_send(coalesce(m.routing, m.tie_routing)),
        l.prompt is null and l.tie_prompt is null, l.tie
      from (
        select id, incarnation, feedback_seq from users
        where id > ? and id <= ? and feedback_seq > 0 and not exists (
          select from expert_weights w
          where w.user_id = users.id and w.model_version = ? and %s)
        order by id limit ?
      ) u
      left join label l on l.user_id = u.id
      left join label_margin m on m.label = l.id and m.model_version = ?
      order by u.id
      """
          .formatted(SolverColumns.upToDate("w", "users"));

  /**
   * One statement, so that replicas are told of all its users at once. Each user's numbers are a
   * slice of one long array.
   */
  private static final String WRITE =
      """
      with solved as (
        select s.* from unnest(?::text[], ?::uuid[], ?::bigint[], ?::integer[], ?::double precision[])
          with ordinality as s (id, incarnation, solved_seq, labels, agreement, n)
        join users u on u.id = s.id and u.incarnation = s.incarnation
        order by s.n for key share of u
      ), written as (
        insert into expert_weights (user_id, model_version, version, shift, uncertainty, significant,
          agreement, solved_seq, labels, solved_at, solver_version, solver_version_at)
        select id, ?, 1, (?::real[])[(n - 1) * k + 1 : n * k], (?::real[])[(n - 1) * k + 1 : n * k],
          (?::boolean[])[(n - 1) * k + 1 : n * k], agreement, solved_seq, labels, clock_timestamp(), %2$d, 1
        from solved, (select ?::integer as k) experts
        on conflict (user_id, model_version) do update set
          version = expert_weights.version + 1, shift = excluded.shift,
          uncertainty = excluded.uncertainty, significant = excluded.significant,
          agreement = excluded.agreement, solved_seq = excluded.solved_seq,
          labels = excluded.labels, solved_at = excluded.solved_at,
          solver_version = excluded.solver_version, solver_version_at = expert_weights.version + 1
        where expert_weights.solved_seq < excluded.solved_seq
          or expert_weights.solved_seq = excluded.solved_seq and %1$s < excluded.solver_version
        returning user_id, model_version, version, shift, uncertainty, significant, agreement,
          solved_seq, labels, solved_at, solver_version
      )
      insert into expert_weights_history (user_id, model_version, version, shift, uncertainty,
        significant, agreement, solved_seq, labels, solved_at, solver_version)
      select * from written returning user_id
      """
          .formatted(SolverColumns.version("expert_weights"), SolverVersion.CURRENT);

  private final JdbcTemplate streams;
  private final JdbcClient jdbc;

  StoredBulkMemory(JdbcTemplate jdbc) {
    this.jdbc = JdbcClient.create(jdbc);
    this.streams = jdbc;
  }

  @Override
  public void read(
      String after, String last, String modelVersion, int limit, Consumer<UserMargins> consumer) {
    PreparedStatementCreator query =
        connection -> {
          var statement = connection.prepareStatement(BEHIND);
          statement.setFetchSize(FETCHED);
          statement.setString(1, after);
          statement.setString(2, last);
          statement.setString(3, modelVersion);
          statement.setInt(4, limit);
          statement.setString(5, modelVersion);
          return statement;
        };
    Grouping users = new Grouping(consumer);
    streams.query(query, (RowCallbackHandler) users::take);
    users.finish();
  }

  /** Rows of one user follow each other. */
  private static final class Grouping {
    private final Consumer<UserMargins> consumer;
    private @Nullable UserMargins user;

    Grouping(Consumer<UserMargins> consumer) {
      this.consumer = consumer;
    }

    void take(ResultSet row) throws SQLException {
      String id = row.getString(1);
      UserMargins present = user;
      if (present == null || !present.user().value().equals(id)) {
        finish();
        UserState state = new UserState(row.getObject(2, UUID.class), row.getLong(3));
        present = new UserMargins(new UserId(id), state, new ArrayList<>(), new ArrayList<>());
        user = present;
      }
      long label = row.getLong(4);
      if (row.wasNull()) {
        return;
      }
      row.getLong(6);
      if (row.wasNull()) {
        // without its texts it can be scored by no model
        if (!row.getBoolean(9)) {
          present.unscored().add(label);
        }
        return;
      }
      float[] margins = Floats.of(row, 7);
      float[] routing = Floats.of(row, 8);
      if (margins != null && routing != null) {
        present
            .labels()
            .add(new LabelMargin(margins, routing, row.getFloat(5), row.getBoolean(10)));
      }
    }

    void finish() {
      if (user != null) {
        consumer.accept(user);
      }
    }
  }

  @Override
  @Transactional
  public List<UnscoredLabel> unscored(List<Long> labels, String modelVersion) {
    return jdbc.sql(
            """
            select l.id, coalesce(l.prompt, l.tie_prompt), coalesce(l.chosen, l.tie_first),
              coalesce(l.rejected, l.tie_second)
            from label l
            where l.id = any (?) and coalesce(l.prompt, l.tie_prompt) is not null and not exists (
              select from label_margin m where m.label = l.id and m.model_version = ?)
            order by l.id
            """)
        .param(labels.toArray(Long[]::new))
        .param(modelVersion)
        .query((row, n) -> StoredUserMemory.unscoredLabel(row))
        .list();
  }

  @Override
  public List<UserId> write(List<SolvedUser> solved) {
    if (solved.isEmpty()) {
      return List.of();
    }
    SolvedWeights first = solved.getFirst().weights();
    return jdbc.sql(WRITE)
        .param(solved.stream().map(s -> s.user().value()).toArray(String[]::new))
        .param(solved.stream().map(s -> s.read().incarnation()).toArray(UUID[]::new))
        .param(solved.stream().mapToLong(s -> s.read().feedbackSeq()).toArray())
        .param(solved.stream().mapToInt(s -> s.weights().labels()).toArray())
        .param(solved.stream().mapToDouble(s -> s.weights().agreement()).toArray())
        .param(first.modelVersion())
        .param(concatenated(solved, SolvedWeights::shift))
        .param(concatenated(solved, SolvedWeights::uncertainty))
        .param(significant(solved))
        .param(first.shift().length)
        .query((row, n) -> new UserId(row.getString(1)))
        .list();
  }

  private static float[] concatenated(
      List<SolvedUser> solved, Function<SolvedWeights, float[]> numbers) {
    int k = solved.getFirst().weights().shift().length;
    float[] all = new float[solved.size() * k];
    for (int i = 0; i < solved.size(); i++) {
      System.arraycopy(numbers.apply(solved.get(i).weights()), 0, all, i * k, k);
    }
    return all;
  }

  private static boolean[] significant(List<SolvedUser> solved) {
    int k = solved.getFirst().weights().significant().length;
    boolean[] all = new boolean[solved.size() * k];
    for (int i = 0; i < solved.size(); i++) {
      System.arraycopy(solved.get(i).weights().significant(), 0, all, i * k, k);
    }
    return all;
  }
}
