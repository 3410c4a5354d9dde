package dev.palate.server.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.palate.server.adaptation.ServiceTest;
import dev.palate.server.bulk.BulkSolves;
import dev.palate.server.bulk.BulkStart;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataIntegrityViolationException;
import tools.jackson.databind.JsonNode;

/** What a replica of the version before makes of ties, by the statements that it has. */
class TiesInAnUpgradeTest extends ServiceTest {

  private static final String MODEL = "0123abcd";

  @Autowired BulkStart bulk;
  @Autowired BulkSolves bulks;

  /** Of labels that the version before would score. */
  private static final String UNSCORED =
      """
      select l.label_id from label l
      where l.user_id = ? and l.prompt is not null and not exists (
        select from label_margin m where m.label = l.id and m.model_version = ?)
      order by l.id limit 16
      """;

  /** Of labels that its users' own jobs solve from. */
  private static final String MARGINS =
      """
      select l.label_id
      from label l join label_margin m on m.label = l.id and m.model_version = ?
      where l.user_id = ? and m.margins is not null
      order by l.id
      """;

  /** Of labels that its bulk solve takes margins of, or has scored. */
  private static final String IN_BULK =
      """
      select l.label_id
      from users u left join label l on l.user_id = u.id
      left join label_margin m on m.label = l.id and m.model_version = ?
      where u.id = ? and (m.label is null and l.prompt is not null or m.margins is not null)
      order by l.id
      """;

  private List<String> former(String sql, String one, String other) {
    return jdbc.sql(sql).param(one).param(other).query((row, n) -> row.getString(1)).list();
  }

  @Test
  void theVersionBeforeNeverReadsATieAsAPreference() throws Exception {
    labelAndSolve(tie("t1", "ccc", "b") + "," + one("l1", "a", "b"));
    String another = "ffff0000";

    assertThat(former(UNSCORED, user, another)).containsExactly("l1");
    assertThat(former(MARGINS, MODEL, user)).containsExactly("l1");
    assertThat(former(IN_BULK, MODEL, user)).containsExactly("l1");
    assertThat(former(IN_BULK, another, user)).containsExactly("l1");
    assertThat(
            jdbc.sql(
                    "select count(*) from label where user_id = ? and num_nulls(prompt, chosen, rejected) = 0")
                .param(user)
                .query(Integer.class)
                .single())
        .as("with texts, as feedback is listed and exported")
        .isEqualTo(1);
  }

  @Test
  void theVersionBeforeKnowsTheTiesIdAndTakesItBack() throws Exception {
    labelAndSolve(tie("t1", "ccc", "b"));

    assertThat(
            jdbc.sql("select content_hash from label where user_id = ? and label_id = any (?)")
                .param(user)
                .param(new String[] {"t1"})
                .query((row, n) -> row.getBytes(1))
                .list())
        .as("so that other content is a conflict")
        .hasSize(1);
    assertThat(
            jdbc.sql("delete from label where user_id = ? and label_id = ?")
                .param(user)
                .param("t1")
                .update())
        .isEqualTo(1);
  }

  /** It solves without the tie and says that all is solved. */
  @Test
  void whatTheVersionBeforeSolvedWithoutTheTieIsSolvedAgainWithIt() throws Exception {
    JsonNode whole = labelAndSolve(one("l1", "a", "b") + "," + tie("t1", "ccc", "b"));
    jdbc.sql(
            """
            update expert_weights set version = version + 1, shift = '{9,9,9}', labels = 1
            where user_id = ?
            """)
        .param(user)
        .update();
    assertThat(weights().path("solved_labels").asInt()).isEqualTo(1);

    assertThat(bulk.startIfBehind(MODEL)).isTrue();
    await().until(() -> !bulks.anyRuns());

    assertThat(weights().path("solved_labels").asInt()).isEqualTo(2);
    assertThat(weights().path("experts")).isEqualTo(whole.path("experts"));
  }

  /** As the version before writes labels. */
  @Test
  void theVersionBeforeStoresPreferencesStill() throws Exception {
    label(tie("t1", "ccc", "b"));
    jdbc.sql(
            """
            insert into label (user_id, label_id, prompt, chosen, rejected, strength, content_hash)
            select ?, t.* from unnest('{l1}'::text[], '{p}'::text[], '{a}'::text[], '{b}'::text[],
              '{1}'::real[], '{x}'::bytea[]) as t
            """)
        .param(user)
        .update();

    JsonNode stored = get("/users/" + user + "/feedback").json().path("labels");

    assertThat(stored.at("/1/chosen").asString()).isEqualTo("a");
    assertThat(stored.path(1).has("tie")).isFalse();
  }

  @Test
  void aLabelIsAPreferenceOrATie() throws Exception {
    labelAndSolve(tie("t1", "ccc", "b") + "," + one("l1", "a", "b"));

    for (String change :
        List.of(
            "update label set tie = not tie",
            "update label set tie_prompt = null where tie",
            "update label_margin set margins = '{1,1,1}', routing = '{1,1,1}' where tie_margins is not null",
            "update label_margin set tie_routing = null")) {
      assertThatThrownBy(() -> jdbc.sql(change).update())
          .as(change)
          .isInstanceOf(DataIntegrityViolationException.class);
    }
  }
}
