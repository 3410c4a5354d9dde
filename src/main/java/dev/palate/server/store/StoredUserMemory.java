package dev.palate.server.store;

import dev.palate.core.model.Prompt;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.SolverVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Repository
@Transactional
public class StoredUserMemory implements UserMemory {

  private final UserRows users;
  private final LabelRows labels;
  private final Labels stored;
  private final JdbcClient jdbc;
  private final JdbcTemplate batches;

  StoredUserMemory(
      UserRows users, LabelRows labels, Labels stored, JdbcClient jdbc, JdbcTemplate batches) {
    this.users = users;
    this.labels = labels;
    this.stored = stored;
    this.jdbc = jdbc;
    this.batches = batches;
  }

  @Override
  public Optional<UserState> state(UserId user) {
    return jdbc.sql("select incarnation, feedback_seq from users where id = ?")
        .param(user.value())
        .query(UserState.class)
        .optional();
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public Optional<UserState> lock(UserId user) {
    return users.lock(user);
  }

  @Override
  public List<UnscoredLabel> unscored(UserId user, String modelVersion, int limit) {
    return jdbc.sql(
            """
            select l.id, coalesce(l.prompt, l.tie_prompt), coalesce(l.chosen, l.tie_first),
              coalesce(l.rejected, l.tie_second)
            from label l
            where l.user_id = ? and coalesce(l.prompt, l.tie_prompt) is not null and not exists (
              select from label_margin m where m.label = l.id and m.model_version = ?)
            order by l.id limit ?
            """)
        .param(user.value())
        .param(modelVersion)
        .param(limit)
        .query((row, n) -> unscoredLabel(row))
        .list();
  }

  /** Of a row that begins with a label's id, prompt and two responses. */
  public static UnscoredLabel unscoredLabel(ResultSet row) throws SQLException {
    return new UnscoredLabel(
        row.getLong(1), new Prompt(row.getString(2)), row.getString(3), row.getString(4));
  }

  @Override
  public void saveMargins(String modelVersion, List<ScoredLabel> scored) {
    MarginRows.saveOfLabels(batches, modelVersion, scored);
  }

  @Override
  public List<LabelledMargin> labelledMargins(UserId user, String modelVersion) {
    return jdbc.sql(
            """
            select array_send(coalesce(m.margins, m.tie_margins)),
              array_send(coalesce(m.routing, m.tie_routing)), l.strength, l.tie, l.id
            from label l join label_margin m on m.label = l.id and m.model_version = ?
            where l.user_id = ? and coalesce(m.margins, m.tie_margins) is not null
            order by l.id
            """)
        .param(modelVersion)
        .param(user.value())
        .query((row, n) ->
            new LabelledMargin(
                row.getLong(5),
                new LabelMargin(
                    Objects.requireNonNull(Floats.of(row, 1)),
                    Objects.requireNonNull(Floats.of(row, 2)),
                    row.getFloat(3),
                    row.getBoolean(4))))
        .list();
  }

  @Override
  public Map<Long, StoredLabel> labels(UserId user, Collection<Long> rows) {
    return stored.findByUserIdAndIdIn(user.value(), rows).stream()
        .collect(Collectors.toMap(Label::id, StoredLabel::of));
  }

  @Override
  public List<NewLabel> fresh(UserId user, List<NewLabel> given) {
    return labels.fresh(user, given);
  }

  @Override
  public Optional<Duration> write(UserId user, UserState read, SolvedWeights weights) {
    boolean sameUser =
        users.lock(user).filter(now -> now.incarnation().equals(read.incarnation())).isPresent();
    if (!sameUser || !upsert(user, read, weights)) {
      return Optional.empty();
    }
    jdbc.sql(
            """
            insert into expert_weights_history (user_id, model_version, version, shift, uncertainty,
              significant, agreement, solved_seq, labels, solved_at, solver_version)
            select user_id, model_version, version, shift, uncertainty, significant, agreement,
              solved_seq, labels, solved_at, solver_version
            from expert_weights where user_id = ? and model_version = ?
            """)
        .param(user.value())
        .param(weights.modelVersion())
        .update();
    return Optional.of(sinceFeedback(user));
  }

  private boolean upsert(UserId user, UserState read, SolvedWeights weights) {
    return jdbc.sql(
                """
                insert into expert_weights (user_id, model_version, version, shift, uncertainty,
                  significant, agreement, solved_seq, labels, solved_at, solver_version,
                  solver_version_at)
                values (?, ?, 1, ?, ?, ?, ?, ?, ?, clock_timestamp(), ?, 1)
                on conflict (user_id, model_version) do update set
                  version = expert_weights.version + 1, shift = excluded.shift,
                  uncertainty = excluded.uncertainty, significant = excluded.significant,
                  agreement = excluded.agreement, solved_seq = excluded.solved_seq,
                  labels = excluded.labels, solved_at = excluded.solved_at,
                  solver_version = excluded.solver_version,
                  solver_version_at = expert_weights.version + 1
                where expert_weights.solved_seq < excluded.solved_seq
                  or expert_weights.solved_seq = excluded.solved_seq
                    and %s < excluded.solver_version
                """
                    .formatted(SolverColumns.version("expert_weights")))
            .param(user.value())
            .param(weights.modelVersion())
            .param(weights.shift())
            .param(weights.uncertainty())
            .param(weights.significant())
            .param(weights.agreement())
            .param(read.feedbackSeq())
            .param(weights.labels())
            .param(SolverVersion.CURRENT)
            .update()
        > 0;
  }

  private Duration sinceFeedback(UserId user) {
    double seconds =
        jdbc.sql(
                """
                select extract(epoch from clock_timestamp() - feedback_at)::double precision
                from users where id = ?
                """)
            .param(user.value())
            .query(Double.class)
            .single();
    return Duration.ofNanos((long) (seconds * 1e9));
  }
}
