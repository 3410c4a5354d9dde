package dev.palate.server.comparisons;

import dev.palate.server.store.NewLabel;
import dev.palate.server.store.UserId;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import dev.palate.server.web.ProblemException.FieldProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Puts comparisons in and takes them out, in the transaction that holds the user's row. */
@Repository
@Transactional(propagation = Propagation.MANDATORY)
public class ComparisonRows {

  private final JdbcClient jdbc;

  ComparisonRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Those of them that are neither stored nor labelled, and how many were left out for what. */
  record Fresh(List<NewComparison> comparisons, int duplicates, int labelled) {}

  /**
   * @throws ProblemException COMPARISON_CONFLICT naming each id that stands for another pair
   */
  Fresh fresh(UserId user, List<NewComparison> given) {
    Map<String, byte[]> known = new HashMap<>();
    Set<String> pairs = new HashSet<>();
    jdbc.sql(
            """
            select comparison_id, pair_hash from comparison
            where user_id = ? and (comparison_id = any (?) or pair_hash = any (?))
            """)
        .param(user.value())
        .param(given.stream().map(NewComparison::comparisonId).toArray(String[]::new))
        .param(given.stream().map(NewComparison::pairHash).toArray(byte[][]::new))
        .query((row, n) -> {
          pairs.add(HexFormat.of().formatHex(row.getBytes(2)));
          return known.put(row.getString(1), row.getBytes(2));
        })
        .list();
    Set<Integer> labelled = labelled(user, given);
    List<NewComparison> fresh = new ArrayList<>();
    List<FieldProblem> conflicts = new ArrayList<>();
    int answered = 0;
    for (NewComparison comparison : given) {
      byte[] before = known.get(comparison.comparisonId());
      if (before != null && !comparison.samePair(before)) {
        conflicts.add(
            new FieldProblem(
                "comparisons[%d].id".formatted(comparison.position()),
                "'%s' was used before for another pair".formatted(comparison.comparisonId())));
      } else if (labelled.contains(comparison.position())) {
        answered++;
      } else if (pairs.add(HexFormat.of().formatHex(comparison.pairHash()))) {
        known.put(comparison.comparisonId(), comparison.pairHash());
        fresh.add(comparison);
      }
    }
    if (!conflicts.isEmpty()) {
      throw new ProblemException(
          ErrorCode.COMPARISON_CONFLICT,
          "Nothing was stored. Send another pair under a new id, or delete the old one first",
          conflicts);
    }
    return new Fresh(fresh, given.size() - fresh.size() - answered, answered);
  }

  /** Positions of those that the user has labelled, either way or as a tie. */
  private Set<Integer> labelled(UserId user, List<NewComparison> given) {
    return new HashSet<>(
        jdbc.sql(
                """
                select g.position
                from unnest(?::integer[], ?::text[], ?::text[], ?::text[]) as g (position, prompt, first, second)
                where exists (
                  select from label l
                  where l.user_id = ? and coalesce(l.prompt, l.tie_prompt) = g.prompt
                    and (coalesce(l.chosen, l.tie_first), coalesce(l.rejected, l.tie_second))
                      in ((g.first, g.second), (g.second, g.first)))
                """)
            .param(given.stream().map(NewComparison::position).toArray(Integer[]::new))
            .param(given.stream().map(NewComparison::prompt).toArray(String[]::new))
            .param(given.stream().map(NewComparison::first).toArray(String[]::new))
            .param(given.stream().map(NewComparison::second).toArray(String[]::new))
            .param(user.value())
            .query(Integer.class)
            .list());
  }

  /** Stores comparisons that {@link #fresh} has let through. */
  void add(UserId user, List<NewComparison> comparisons) {
    if (comparisons.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            insert into comparison (user_id, comparison_id, prompt, first, second, pair_hash)
            select ?, t.* from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[]) as t
            """)
        .param(user.value())
        .param(comparisons.stream().map(NewComparison::comparisonId).toArray(String[]::new))
        .param(comparisons.stream().map(NewComparison::prompt).toArray(String[]::new))
        .param(comparisons.stream().map(NewComparison::first).toArray(String[]::new))
        .param(comparisons.stream().map(NewComparison::second).toArray(String[]::new))
        .param(comparisons.stream().map(NewComparison::pairHash).toArray(byte[][]::new))
        .update();
  }

  /** Removes the comparisons that these labels answer. */
  public void deleteLabelled(UserId user, List<NewLabel> labels) {
    jdbc.sql("delete from comparison where user_id = ? and pair_hash = any (?)")
        .param(user.value())
        .param(
            labels.stream()
                .map(l -> NewComparison.pairHash(l.prompt(), l.chosen(), l.rejected()))
                .toArray(byte[][]::new))
        .update();
  }

  boolean delete(UserId user, String comparisonId) {
    return jdbc.sql("delete from comparison where user_id = ? and comparison_id = ?")
            .param(user.value())
            .param(comparisonId)
            .update()
        > 0;
  }

  void deleteAll(UserId user) {
    jdbc.sql("delete from comparison where user_id = ?").param(user.value()).update();
  }

  int count(UserId user) {
    return jdbc.sql("select count(*) from comparison where user_id = ?")
        .param(user.value())
        .query(Integer.class)
        .single();
  }
}
