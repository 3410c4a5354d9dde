package dev.palate.server.store;

import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The user's row is the lock of all that is the user's: whoever changes labels, weights or the
 * user's job holds it first, so that those changes have one order.
 */
@Repository
@Transactional(propagation = Propagation.MANDATORY)
public class UserRows {

  private final JdbcClient jdbc;

  UserRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Locks the user's row until the transaction ends, inserting it where there is none. */
  public UserState lockOrCreate(UserId user) {
    return jdbc.sql(
            """
            insert into users (id, incarnation) values (?, ?)
            on conflict (id) do update set id = excluded.id
            returning incarnation, feedback_seq
            """)
        .param(user.value())
        .param(UUID.randomUUID())
        .query(UserState.class)
        .single();
  }

  /** Locks the user's row until the transaction ends. */
  public Optional<UserState> lock(UserId user) {
    return jdbc.sql("select incarnation, feedback_seq from users where id = ? for update")
        .param(user.value())
        .query(UserState.class)
        .optional();
  }

  /**
   * @return feedback_seq after it was raised by {@code changes}
   */
  public long raiseFeedbackSeq(UserId user, int changes) {
    return jdbc.sql(
            """
            update users set feedback_seq = feedback_seq + ?, feedback_at = clock_timestamp()
            where id = ? returning feedback_seq
            """)
        .param(changes)
        .param(user.value())
        .query(Long.class)
        .single();
  }

  /** Removes the user with all that is theirs. */
  public void delete(UserId user) {
    jdbc.sql("delete from users where id = ?").param(user.value()).update();
  }
}
