package dev.palate.server.store;

import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import dev.palate.server.web.ProblemException.FieldProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Puts labels in and takes them out, in the transaction that holds the user's row. */
@Repository
@Transactional(propagation = Propagation.MANDATORY)
public class LabelRows {

  private final JdbcClient jdbc;

  LabelRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Stores labels that {@link #fresh} has let through. */
  public void add(UserId user, List<NewLabel> labels) {
    if (labels.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            insert into label (user_id, label_id, prompt, chosen, rejected, tie, tie_prompt, tie_first,
              tie_second, strength, content_hash)
            select ?, id, case when not tie then prompt end, case when not tie then first end,
              case when not tie then second end, tie, case when tie then prompt end,
              case when tie then first end, case when tie then second end, strength, hash
            from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::real[], ?::bytea[], ?::boolean[])
              with ordinality as t (id, prompt, first, second, strength, hash, tie, position)
            order by position
            """)
        .param(user.value())
        .param(labels.stream().map(NewLabel::labelId).toArray(String[]::new))
        .param(labels.stream().map(NewLabel::prompt).toArray(String[]::new))
        .param(labels.stream().map(NewLabel::chosen).toArray(String[]::new))
        .param(labels.stream().map(NewLabel::rejected).toArray(String[]::new))
        .param(labels.stream().map(NewLabel::strength).toArray(Float[]::new))
        .param(labels.stream().map(NewLabel::contentHash).toArray(byte[][]::new))
        .param(labels.stream().map(NewLabel::tie).toArray(Boolean[]::new))
        .update();
  }

  /**
   * Those that are not stored yet, each once.
   *
   * @throws ProblemException LABEL_CONFLICT naming each id that stands for other content
   */
  public List<NewLabel> fresh(UserId user, List<NewLabel> labels) {
    Map<String, byte[]> known = contentOf(user, labels);
    List<NewLabel> fresh = new ArrayList<>();
    List<FieldProblem> conflicts = new ArrayList<>();
    for (NewLabel label : labels) {
      byte[] before = known.putIfAbsent(label.labelId(), label.contentHash());
      if (before == null) {
        fresh.add(label);
      } else if (!label.sameContent(before)) {
        conflicts.add(
            new FieldProblem(
                "labels[%d].id".formatted(label.position()),
                "'%s' was used before for other content".formatted(label.labelId())));
      }
    }
    if (!conflicts.isEmpty()) {
      throw new ProblemException(
          ErrorCode.LABEL_CONFLICT,
          "Nothing was stored. Send a changed label under a new id, or delete the old one first",
          conflicts);
    }
    return fresh;
  }

  private Map<String, byte[]> contentOf(UserId user, List<NewLabel> labels) {
    Map<String, byte[]> hashes = new HashMap<>();
    jdbc.sql("select label_id, content_hash from label where user_id = ? and label_id = any (?)")
        .param(user.value())
        .param(labels.stream().map(NewLabel::labelId).toArray(String[]::new))
        .query((row, n) -> hashes.put(row.getString(1), row.getBytes(2)))
        .list();
    return hashes;
  }

  public boolean delete(UserId user, String labelId) {
    return jdbc.sql("delete from label where user_id = ? and label_id = ?")
            .param(user.value())
            .param(labelId)
            .update()
        > 0;
  }

  public int count(UserId user) {
    return jdbc.sql("select count(*) from label where user_id = ?")
        .param(user.value())
        .query(Integer.class)
        .single();
  }
}
