package dev.palate.server.feedback;

import dev.palate.server.store.NewLabel;
import dev.palate.server.store.UserId;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import dev.palate.server.web.ProblemException.FieldProblem;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code Idempotency-Key}: a request sent again is told what it was told first. Kept for a day, by
 * user, in the transaction that holds the user's row.
 */
@Repository
@Transactional(propagation = Propagation.MANDATORY)
class Idempotency {

  private final JdbcClient jdbc;
  private final JsonMapper json;

  Idempotency(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /**
   * The first answer, where this key was used before.
   *
   * @throws ProblemException IDEMPOTENCY_CONFLICT if that was for other labels
   */
  Optional<FeedbackReceipt> find(UserId user, String key, List<NewLabel> labels) {
    Optional<Used> used =
        jdbc.sql("select request_hash, answer from idempotency where user_id = ? and key = ?")
            .param(user.value())
            .param(key)
            .query(Used.class)
            .optional();
    if (used.isPresent() && !Arrays.equals(used.get().requestHash(), hash(labels))) {
      throw new ProblemException(
          ErrorCode.IDEMPOTENCY_CONFLICT,
          "Nothing was stored. Use a new Idempotency-Key for each new body",
          List.of(new FieldProblem("Idempotency-Key", "was used before for another body")));
    }
    return used.map(u -> json.readValue(u.answer(), FeedbackReceipt.class));
  }

  void save(UserId user, String key, List<NewLabel> labels, FeedbackReceipt answer) {
    jdbc.sql("delete from idempotency where user_id = ? and created_at < now() - interval '1 day'")
        .param(user.value())
        .update();
    jdbc.sql("insert into idempotency (user_id, key, request_hash, answer) values (?, ?, ?, ?)")
        .param(user.value())
        .param(key)
        .param(hash(labels))
        .param(json.writeValueAsString(answer))
        .update();
  }

  /** Names a key that cannot be one. */
  static void check(@Nullable String key) {
    if (key != null && !key.matches("\\p{Print}{1,255}")) {
      throw new ProblemException(
          ErrorCode.INVALID_REQUEST,
          "An Idempotency-Key is 1 to 255 printable ASCII characters",
          List.of(new FieldProblem("Idempotency-Key", "not a valid key")));
    }
  }

  private static byte[] hash(List<NewLabel> labels) {
    MessageDigest digest = NewLabel.sha256();
    for (NewLabel label : labels) {
      digest.update(NewLabel.sha256(label.labelId()));
      digest.update(label.contentHash());
    }
    return digest.digest();
  }

  private record Used(byte[] requestHash, String answer) {}
}
