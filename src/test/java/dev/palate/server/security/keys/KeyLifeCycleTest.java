package dev.palate.server.security.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.server.security.Scope;
import dev.palate.server.security.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Keys over HTTP, from the first to the revoked. */
class KeyLifeCycleTest extends SecuredTest {

  @Test
  void theConfiguredKeyMakesAKeyThatWorksAtOnceUntilItIsRevoked() {
    Wire.Answer created =
        wire.post("/keys", ADMIN, "{\"name\": \"app\", \"scopes\": [\"read\", \"score\"]}");

    assertThat(created.status()).as(created.body()).isEqualTo(201);
    String key = created.json().path("key").asString();
    String id = created.json().path("created").path("id").asString();
    assertThat(created.header("Location")).isEqualTo("/keys/" + id);
    assertThat(created.header("Cache-Control")).contains("no-store");
    assertThat(created.json().path("created").path("created_by").asString()).isEqualTo(id(ADMIN));
    assertThat(wire.get("/model", key).status()).isEqualTo(200);

    assertThat(wire.delete("/keys/" + id, ADMIN).status()).isEqualTo(204);
    assertThat(wire.get("/model", key).status()).isEqualTo(401);
    assertThat(wire.delete("/keys/" + id, ADMIN).status()).as("revoked twice").isEqualTo(204);
    assertThat(wire.delete("/keys/none", ADMIN).code()).isEqualTo("not_found");
  }

  @Test
  void theSecretIsNeitherStoredNorListed() {
    String key = key(Scope.READ);
    String secret = key.substring(key.indexOf('.') + 1);

    String row =
        jdbc.sql("select row_to_json(api_key)::text from api_key where id = ?")
            .param(id(key))
            .query(String.class)
            .single();
    assertThat(row).contains(id(key)).doesNotContain(secret);
    String listed = wire.get("/keys?limit=500", ADMIN).body();
    assertThat(listed).contains(id(key)).doesNotContain(secret, "hash");
  }

  @Test
  void theListIsPagedInTheOrderOfCreation() {
    List<String> made = List.of(id(key(Scope.READ)), id(key(Scope.READ)), id(key(Scope.READ)));

    List<String> seen = new ArrayList<>();
    String after = "";
    do {
      JsonNode page = wire.get("/keys?limit=2" + after, ADMIN).json();
      assertThat(page.path("keys").size()).isLessThanOrEqualTo(2);
      page.path("keys").forEach(entry -> seen.add(entry.path("id").asString()));
      after = page.path("next").isNull() ? null : "&after=" + page.path("next").asString();
    } while (after != null);

    assertThat(seen).containsSubsequence(made).doesNotHaveDuplicates();
    assertThat(wire.get("/keys?limit=0", ADMIN).code()).isEqualTo("invalid_request");
  }

  @Test
  void aKeyThatCannotBeMeantSoIsRefusedFieldByField() {
    refused("{}", "scopes");
    refused("{\"scopes\": []}", "scopes");
    refused("{\"scopes\": [\"root\"]}", "scopes[0]");
    refused("{\"scopes\": [\"read\"], \"user\": \"a b\"}", "user");
    refused("{\"scopes\": [\"read\"], \"prefix\": \"acme\"}", "prefix");
    refused("{\"scopes\": [\"read\"], \"user\": \"a\", \"prefix\": \"a:\"}", "prefix");
    refused("{\"scopes\": [\"read\"], \"expires_at\": \"2020-01-01T00:00:00Z\"}", "expires_at");
    refused("{\"scopes\": [\"read\"], \"name\": \"two\\nlines\"}", "name");
  }

  private void refused(String body, String field) {
    Wire.Answer answer = wire.post("/keys", ADMIN, body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(422);
    assertThat(answer.json().path("errors").path(0).path("field").asString()).isEqualTo(field);
  }

  @Test
  void anExpiryIsKept() {
    Instant expires = Instant.parse("2999-01-01T00:00:00Z");
    JsonNode created =
        wire.post("/keys", ADMIN, "{\"scopes\": [\"read\"], \"expires_at\": \"" + expires + "\"}")
            .json();

    assertThat(created.path("created").path("expires_at").asString()).isEqualTo(expires.toString());
  }

  @Test
  void aRevocationOnAnotherReplicaArrivesWithinTheTimeThatKeysAreBelieved() {
    String key = key(Scope.READ);
    assertThat(wire.get("/model", key).status()).isEqualTo(200);

    keys.revoke(id(key)); // in the database alone, as another replica does it

    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertThat(wire.get("/model", key).status()).isEqualTo(401));
  }

  @Test
  void theLastUseIsNoted() {
    String key = key(Scope.READ);
    wire.get("/model", key);

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            jdbc.sql("select last_used_at is not null from api_key where id = ?")
                .param(id(key))
                .query(Boolean.class)
                .single());
  }

  @Test
  void keysMadeAndRevokedAtTheSameTimeAreEachMadeOnceAndRevokedOnce() throws Exception {
    int threads = 16;
    String shared = key(Scope.READ);
    Set<String> made = new HashSet<>();
    for (String id :
        together(
            threads,
            () -> {
              String key = key(Scope.READ);
              assertThat(wire.get("/model", key).status()).isEqualTo(200);
              assertThat(wire.delete("/keys/" + id(shared), ADMIN).status()).isEqualTo(204);
              assertThat(wire.get("/model", shared).status()).isEqualTo(401);
              return id(key);
            })) {
      made.add(id);
    }

    assertThat(made).hasSize(threads);
    Instant revoked = revokedAt(shared);
    keys.revoke(id(shared));
    assertThat(revokedAt(shared)).as("the first revocation stands").isEqualTo(revoked);
  }

  private Instant revokedAt(String key) {
    return jdbc.sql("select revoked_at from api_key where id = ?")
        .param(id(key))
        .query((row, n) -> row.getTimestamp(1).toInstant())
        .single();
  }

  private static <T> List<T> together(int threads, Callable<T> work) throws Exception {
    CyclicBarrier start = new CyclicBarrier(threads);
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<T>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(
            executor.submit(() -> {
              start.await();
              return work.call();
            }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> result : running) {
        results.add(result.get());
      }
      return results;
    }
  }
}
