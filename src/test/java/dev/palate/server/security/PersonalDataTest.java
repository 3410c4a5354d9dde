package dev.palate.server.security;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.server.security.keys.SecuredTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Export and erasure know of everything. Each column of the schema that says something about a user
 * is written here a second time, on purpose: a new one fails until it is said what becomes of it.
 */
class PersonalDataTest extends SecuredTest {

  /** Column to where the export has it, or to why it has not. */
  private static final Map<String, String> COLUMNS =
      Map.ofEntries(
          entry("users.id", "/user"),
          entry("users.incarnation", "not: a random number, to tell a user from the one erased"),
          entry("users.feedback_seq", "/feedback_seq"),
          entry("users.feedback_at", "/feedback_at"),
          entry("users.created_at", "/created_at"),
          entry("label.id", "not: the row's number"),
          entry("label.user_id", "/user"),
          entry("label.label_id", "/labels/0/id"),
          entry("label.prompt", "/labels/0/prompt"),
          entry("label.chosen", "/labels/0/chosen"),
          entry("label.rejected", "/labels/0/rejected"),
          entry("label.tie", "/labels/1/tie"),
          entry("label.tie_prompt", "/labels/1/prompt"),
          entry("label.tie_first", "/labels/1/responses/0"),
          entry("label.tie_second", "/labels/1/responses/1"),
          entry("label.strength", "/labels/0/strength"),
          entry("label.content_hash", "/labels/0/content_hash"),
          entry("label.created_at", "/labels/0/created_at"),
          entry("label_margin.label", "/labels/0/margins"),
          entry("label_margin.model_version", "/labels/0/margins/0/model_version"),
          entry("label_margin.margins", "/labels/0/margins/0/margins"),
          entry("label_margin.routing", "/labels/0/margins/0/routing"),
          entry("label_margin.tie_margins", "/labels/1/margins/0/margins"),
          entry("label_margin.tie_routing", "/labels/1/margins/0/routing"),
          entry("comparison.id", "not: the row's number"),
          entry("comparison.user_id", "/user"),
          entry("comparison.comparison_id", "/comparisons/0/id"),
          entry("comparison.prompt", "/comparisons/0/prompt"),
          entry("comparison.first", "/comparisons/0/responses/0"),
          entry("comparison.second", "/comparisons/0/responses/1"),
          entry("comparison.pair_hash", "/comparisons/0/pair_hash"),
          entry("comparison.created_at", "/comparisons/0/created_at"),
          entry("comparison_margin.comparison", "/comparisons/0/margins"),
          entry("comparison_margin.model_version", "/comparisons/0/margins/0/model_version"),
          entry("comparison_margin.margins", "/comparisons/0/margins/0/margins"),
          entry("comparison_margin.routing", "/comparisons/0/margins/0/routing"),
          entry("expert_weights.user_id", "/user"),
          entry("expert_weights.model_version", "/expert_weights/0/model_version"),
          entry("expert_weights.version", "/expert_weights/0/version"),
          entry("expert_weights.shift", "/expert_weights/0/shift"),
          entry("expert_weights.uncertainty", "/expert_weights/0/uncertainty"),
          entry("expert_weights.significant", "/expert_weights/0/significant"),
          entry("expert_weights.agreement", "/expert_weights/0/agreement"),
          entry("expert_weights.solved_seq", "/expert_weights/0/solved_seq"),
          entry("expert_weights.labels", "/expert_weights/0/labels"),
          entry("expert_weights.solved_at", "/expert_weights/0/solved_at"),
          entry("expert_weights_history.user_id", "/user"),
          entry("expert_weights_history.model_version", "/expert_weights_history/0/model_version"),
          entry("expert_weights_history.version", "/expert_weights_history/0/version"),
          entry("expert_weights_history.shift", "/expert_weights_history/0/shift"),
          entry("expert_weights_history.uncertainty", "/expert_weights_history/0/uncertainty"),
          entry("expert_weights_history.significant", "/expert_weights_history/0/significant"),
          entry("expert_weights_history.agreement", "/expert_weights_history/0/agreement"),
          entry("expert_weights_history.solved_seq", "/expert_weights_history/0/solved_seq"),
          entry("expert_weights_history.labels", "/expert_weights_history/0/labels"),
          entry("expert_weights_history.solved_at", "/expert_weights_history/0/solved_at"),
          entry("idempotency.user_id", "/user"),
          entry("idempotency.key", "/idempotency_keys/0/key"),
          entry("idempotency.request_hash", "not: tells the key's request from another, for a day"),
          entry("idempotency.answer", "not: what the client was answered, counts of labels"),
          entry("idempotency.created_at", "/idempotency_keys/0/created_at"),
          entry("api_key.id", "/api_keys/0/id"),
          entry("api_key.row", "not: the row's number"),
          entry("api_key.secret_hash", "not: a secret's"),
          entry("api_key.name", "/api_keys/0/name"),
          entry("api_key.scopes", "/api_keys/0/scopes"),
          entry("api_key.user_id", "/user"),
          entry("api_key.user_prefix", "not: a tenant's keys are nobody's own"),
          entry("api_key.created_at", "/api_keys/0/created_at"),
          entry("api_key.created_by", "not: the key of whoever made it"),
          entry("api_key.expires_at", "/api_keys/0/expires_at"),
          entry("api_key.revoked_at", "/api_keys/0/revoked_at"),
          entry("api_key.last_used_at", "/api_keys/0/last_used_at"),
          entry("expert_weights.solver_version", "/expert_weights/0/solver_version"),
          entry("expert_weights.solver_version_at", "not: whether solver_version counts"),
          entry(
              "expert_weights_history.solver_version", "/expert_weights_history/0/solver_version"),
          entry("scheduled_tasks.task_instance", "/solve_pending"));

  /** How a table's rows are known to be a user's; all of them are gone after an erasure. */
  private static final Map<String, String> OF_A_USER =
      Map.of(
          "users", "id = :user",
          "comparison", "user_id = :user",
          "comparison_margin", "comparison = any (:comparisons)",
          "label", "user_id = :user",
          "label_margin", "label = any (:labels)",
          "expert_weights", "user_id = :user",
          "expert_weights_history", "user_id = :user",
          "idempotency", "user_id = :user",
          "scheduled_tasks", "task_instance = :user");

  /** Keys outlive an erasure until they are revoked (docs/privacy.md). */
  private static final Map<String, String> OUTLIVING = Map.of("api_key", "user_id = :user");

  /** Tables about nobody; a range of a bulk names users at its borders until it is over. */
  private static final Set<String> OF_NOBODY =
      Set.of("flyway_schema_history", "bulk_solve", "bulk_solve_range", "model_activation");

  private final String user = "u-" + UUID.randomUUID();

  @Test
  void ofEachTableItIsSaidWhetherItIsAboutUsers() {
    Set<String> said = aboutUsers();
    said.addAll(OF_NOBODY);

    assertThat(
            names(
                """
                select table_name from information_schema.tables
                where table_schema = current_schema() and table_type = 'BASE TABLE'
                """))
        .as("a new table belongs into a list of this test, and into export and erasure")
        .containsExactlyInAnyOrderElementsOf(said);
  }

  @Test
  void whatHasAUsersIdOrRefersToAUserIsAboutUsers() {
    Set<String> found =
        names(
            """
            with recursive about as (
              select table_name::text from information_schema.columns
              where table_schema = current_schema() and column_name in ('user_id', 'task_instance')
              union
              select 'users'
              union
              select c.conrelid::regclass::text from pg_constraint c
              join about on c.confrelid = to_regclass(about.table_name) where c.contype = 'f'
            )
            select table_name from about
            """);

    assertThat(found).isEqualTo(aboutUsers());
  }

  @Test
  void ofEachColumnItIsSaidWhereTheExportHasItOrWhyNot() {
    Set<String> columns = new TreeSet<>();
    for (String table : aboutUsers()) {
      columns.addAll(
          names(
              """
              select table_name || '.' || column_name from information_schema.columns
              where table_schema = current_schema() and table_name = '%s'
                and (table_name <> 'scheduled_tasks' or column_name = 'task_instance')
              """
                  .formatted(table)));
    }

    assertThat(COLUMNS.keySet()).containsExactlyInAnyOrderElementsOf(columns);
  }

  @Test
  void theExportHasWhatItIsSaidToHave() {
    storeSomethingInEveryTable();

    JsonNode export = wire.get("/users/" + user + "/export", key(Scope.READ)).json();

    COLUMNS.forEach((column, at) -> {
      if (!at.startsWith("not:")) {
        assertThat(export.at(at).isMissingNode()).as("%s at %s", column, at).isFalse();
      }
    });
    assertThat(export.path("solve_pending").asBoolean()).isTrue();
    assertThat(export.path("api_keys")).as("of this user alone").hasSize(1);
    assertThat(export.toString()).doesNotContain("secret", "\"hash");
  }

  @Test
  void anErasureLeavesNoRowButThoseOfTheUsersKeys() {
    Rows stored = storeSomethingInEveryTable();
    Map<String, Integer> before = rows(stored, OF_A_USER);
    assertThat(before)
        .as("the test is of no use else")
        .allSatisfy((t, n) -> assertThat(n).isPositive());

    assertThat(wire.delete("/users/" + user, key(Scope.ADMIN)).status()).isEqualTo(204);

    assertThat(rows(stored, OF_A_USER))
        .allSatisfy((table, rows) -> assertThat(rows).as(table).isZero());
    assertThat(rows(stored, OUTLIVING)).containsEntry("api_key", 1);
    JsonNode export = wire.get("/users/" + user + "/export", key(Scope.READ)).json();
    assertThat(export.has("created_at")).isFalse();
    assertThat(export.path("labels")).isEmpty();
    assertThat(export.path("api_keys")).hasSize(1);
  }

  private static Set<String> aboutUsers() {
    Set<String> said = new TreeSet<>(OF_A_USER.keySet());
    said.addAll(OUTLIVING.keySet());
    return said;
  }

  private Set<String> names(String sql) {
    return new TreeSet<>(jdbc.sql(sql).query((row, n) -> row.getString(1)).list());
  }

  private Map<String, Integer> rows(Rows stored, Map<String, String> tables) {
    Map<String, Integer> rows = new LinkedHashMap<>();
    tables.forEach((table, condition) ->
        rows.put(
            table,
            jdbc.sql("select count(*) from %s where %s".formatted(table, condition))
                .param("user", user)
                .param("labels", stored.labels().toArray(Long[]::new))
                .param("comparisons", stored.comparisons().toArray(Long[]::new))
                .query(Integer.class)
                .single()));
    return rows;
  }

  /**
   * A solved user with a comparison and a key, and a job that is not due.
   *
   * @return what is known by no user's id
   */
  private Rows storeSomethingInEveryTable() {
    String key = keyOf(user, Scope.READ, Scope.FEEDBACK);
    keyOfTenant("u-", Scope.READ);
    jdbc.sql(
            """
            update api_key set expires_at = now() + interval '1 day', last_used_at = now(),
              revoked_at = now()
            where id = ?
            """)
        .param(id(key))
        .update();
    wire.send(
        "POST",
        "/users/" + user + "/feedback",
        key(Scope.FEEDBACK),
        """
        {"labels": [{"id": "l1", "prompt": "p", "chosen": "a", "rejected": "b"},
          {"id": "t1", "prompt": "p", "tie": true, "responses": ["e", "f"]}]}
        """,
        "Idempotency-Key",
        "k1");
    await()
        .until(() -> rows(Rows.NONE, Map.of("expert_weights", "user_id = :user")).containsValue(1));
    await()
        .until(() ->
            rows(Rows.NONE, Map.of("scheduled_tasks", "task_instance = :user")).containsValue(0));
    jdbc.sql(
            """
            insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
            values ('adapt', ?, now() + interval '1 day', false, 1)
            """)
        .param(user)
        .update();
    wire.post(
        "/users/" + user + "/comparisons",
        key(Scope.FEEDBACK),
        "{\"comparisons\": [{\"id\": \"c1\", \"prompt\": \"p\", \"responses\": [\"c\", \"d\"]}]}");
    return new Rows(rowsOf("label"), rowsOf("comparison"));
  }

  /** Rows of labels and comparisons, which their margins are known by. */
  private record Rows(List<Long> labels, List<Long> comparisons) {
    static final Rows NONE = new Rows(List.of(), List.of());
  }

  private List<Long> rowsOf(String table) {
    return jdbc.sql("select id from %s where user_id = ?".formatted(table))
        .param(user)
        .query((row, n) -> row.getLong(1))
        .list();
  }
}
