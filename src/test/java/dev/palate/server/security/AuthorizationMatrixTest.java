package dev.palate.server.security;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.palate.server.security.keys.SecuredTest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/**
 * Every route of the OpenAPI document with every kind of key. What a route needs is written here a
 * second time, on purpose: a route that is not in the list fails, and so does one whose rule was
 * changed in passing.
 */
class AuthorizationMatrixTest extends SecuredTest {

  private static final Map<String, Scope> NEEDED =
      Map.ofEntries(
          entry("score", Scope.SCORE),
          entry("scoreBatch", Scope.SCORE),
          entry("getReward", Scope.SCORE),
          entry("rerank", Scope.SCORE),
          entry("rerankV1", Scope.SCORE),
          entry("rerankV2", Scope.SCORE),
          entry("scorePairs", Scope.SCORE),
          entry("feedback", Scope.FEEDBACK),
          entry("labels", Scope.READ),
          entry("deleteLabel", Scope.FEEDBACK),
          entry("expertWeights", Scope.READ),
          entry("expertWeightsHistory", Scope.READ),
          entry("previewExpertWeights", Scope.FEEDBACK),
          entry("comparisons", Scope.FEEDBACK),
          entry("nextComparisons", Scope.READ),
          entry("previewComparisons", Scope.FEEDBACK),
          entry("deleteComparison", Scope.FEEDBACK),
          entry("deleteComparisons", Scope.FEEDBACK),
          entry("solveExpertWeights", Scope.FEEDBACK),
          entry("labelInfluence", Scope.READ),
          entry("startBulkSolve", Scope.ADMIN),
          entry("bulkSolve", Scope.ADMIN),
          entry("activateModel", Scope.ADMIN),
          entry("rollBackModel", Scope.ADMIN),
          entry("modelActivations", Scope.ADMIN),
          entry("eraseUser", Scope.ADMIN),
          entry("exportUser", Scope.READ),
          entry("model", Scope.READ),
          entry("diagnostics", Scope.READ),
          entry("experts", Scope.READ),
          entry("expert", Scope.READ),
          entry("createKey", Scope.ADMIN),
          entry("keys", Scope.ADMIN),
          entry("revokeKey", Scope.ADMIN));

  private static final String NO_SUCH_USER = "There is no such user here";

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  RequestMappingHandlerMapping handlers;

  private record Route(String method, String pattern, String operation, JsonNode described) {

    boolean isOfAUser() {
      return pattern.startsWith("/users/");
    }

    String path(String user) {
      return isOfAUser()
          ? pattern
              .replace("{id}", user)
              .replace("{label_id}", "l1")
              .replace("{comparison_id}", "c1")
          : pattern.replace("{id}", "nokey").replace("{expert}", "0");
    }

    Scope needed() {
      assertThat(NEEDED).as("a rule for '%s' in this test", operation).containsKey(operation);
      return NEEDED.getOrDefault(operation, Scope.ADMIN);
    }
  }

  private List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    JsonNode paths = wire.get("/openapi.json", key(Scope.READ)).json().path("paths");
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        routes.add(
            new Route(
                operation.getKey().toUpperCase(Locale.ROOT),
                path.getKey(),
                operation.getValue().path("operationId").asString(),
                operation.getValue()));
      }
    }
    assertThat(routes).hasSizeGreaterThanOrEqualTo(NEEDED.size());
    return routes;
  }

  private Wire.Answer call(Route route, String user, @Nullable String key) {
    String body = route.method.equals("POST") ? "{}" : "";
    return wire.send(route.method, route.path(user), key, body);
  }

  @TestFactory
  Stream<DynamicTest> withoutAGoodKeyEveryRouteGivesTheOne401() {
    Scope[] all = Scope.values();
    String good = key(all);
    Map<String, String> bad =
        Map.of(
            "not of the form of a key",
            "nonsense",
            "an unknown id",
            "0000000000000000" + good.substring(good.indexOf('.')),
            "a wrong secret",
            id(good) + "." + "A".repeat(43),
            "a revoked key",
            revoked(all),
            "an expired key",
            expired(all),
            "the admin's id, another secret",
            id(ADMIN) + "." + "0".repeat(64));
    String expected = wire.get("/model", null).body();
    return routes().stream()
        .flatMap(route ->
            Stream.concat(
                Stream.of(
                    dynamicTest(
                        route.operation + " with no key",
                        () -> is401(call(route, "alice", null), expected))),
                bad.entrySet().stream()
                    .map(key ->
                        dynamicTest(
                            route.operation + " with " + key.getKey(),
                            () -> is401(call(route, "alice", key.getValue()), expected)))));
  }

  private static void is401(Wire.Answer answer, String expected) {
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).isEqualTo(expected);
    assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
  }

  @TestFactory
  Stream<DynamicTest> everyScopeButTheNeededOneGives403() {
    return routes().stream()
        .map(route ->
            dynamicTest(
                route.operation,
                () -> {
                  Wire.Answer answer = call(route, "alice", key(allBut(Set.of(route.needed()))));
                  assertThat(answer.status() + " " + answer.code()).isEqualTo("403 forbidden");
                }));
  }

  @TestFactory
  Stream<DynamicTest> theNeededScopeAloneIsEnough() {
    return routes().stream()
        .map(route ->
            dynamicTest(
                route.operation, () -> isAllowed(call(route, "alice", key(route.needed())))));
  }

  @TestFactory
  Stream<DynamicTest> aUsersKeyReachesThatUserAndSeesNoOther() {
    return routes().stream()
        .map(route ->
            dynamicTest(
                route.operation,
                () -> {
                  String bobs = keyOf("bob", Scope.values());
                  if (route.isOfAUser()) {
                    isUnseen(call(route, "alice", bobs));
                    isAllowed(call(route, "bob", bobs));
                  } else if (route.needed() == Scope.ADMIN) {
                    assertThat(call(route, "bob", bobs).status()).isEqualTo(403);
                  } else {
                    isAllowed(call(route, "bob", bobs));
                  }
                }));
  }

  @TestFactory
  Stream<DynamicTest> aTenantsKeyReachesItsUsersAndSeesNoOther() {
    return routes().stream()
        .filter(Route::isOfAUser)
        .map(route ->
            dynamicTest(
                route.operation,
                () -> {
                  String acmes = keyOfTenant("acme:", Scope.values());
                  isAllowed(call(route, "acme:carol", acmes));
                  isUnseen(call(route, "acme2:carol", acmes));
                  isUnseen(call(route, "acme", acmes));
                }));
  }

  private static void isAllowed(Wire.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isNotIn(401, 403, 405, 429).isLessThan(500);
    assertThat(answer.body()).doesNotContain(NO_SUCH_USER, "Nothing is served at this path");
  }

  private static void isUnseen(Wire.Answer answer) {
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).contains(NO_SUCH_USER);
  }

  @Test
  void theDocumentSaysWhatEachRouteNeeds() {
    for (Route route : routes()) {
      JsonNode first = route.described.path("security").path(0).path("bearer").path(0);
      assertThat(first.asString("")).as(route.operation).isEqualTo(route.needed().word());
      assertThat(route.described.path("responses").propertyNames())
          .as(route.operation)
          .contains("401", "403");
    }
  }

  @Test
  void everyHandlerOfOursHasARuleThoughTheDocumentHideIt() {
    Set<String> without = new HashSet<>();
    handlers
        .getHandlerMethods()
        .values()
        .forEach(handler -> {
          if (handler.getBeanType().getName().startsWith("dev.palate")
              && handler.getMethodAnnotation(Needs.class) == null) {
            without.add(handler.getBeanType().getSimpleName());
          }
        });
    assertThat(without).containsExactly("ProblemErrorController");
  }

  @Test
  void onlyHealthAndTheStudiosFilesAreOpen() {
    assertThat(wire.get("/livez", null).status()).isEqualTo(200);
    assertThat(wire.get("/readyz", null).status()).isEqualTo(200);
    assertThat(wire.get("/actuator/health", null).status()).isEqualTo(200);
    for (String path :
        List.of(
            "/studio",
            "/studio.js",
            "/studio/../model",
            "/nothing",
            "/error",
            "/docs",
            "/openapi.json",
            "/actuator",
            "/actuator/info",
            "/actuator/prometheus",
            "/swagger-ui/index.html",
            "/livez/",
            "/livez/../model")) {
      assertThat(wire.get(path, null).status()).as(path).isIn(401, 404);
      assertThat(wire.get(path, null).body()).as(path).doesNotContain("palate_", "openapi\":");
    }
  }

  @Test
  void theStudiosFilesAreOpenForReadingAndNothingElseIs() {
    for (String path : List.of("/", "/studio/app.js", "/studio/pairs.json")) {
      assertThat(wire.get(path, null).status()).as(path).isEqualTo(200);
      assertThat(wire.send("POST", path, null, "{}").status()).as(path).isEqualTo(401);
      assertThat(wire.send("DELETE", path, null, "").status()).as(path).isEqualTo(401);
    }
    assertThat(wire.get("/studio/nothing", null).status()).isEqualTo(404);
    assertThat(wire.get("/studio/%2e%2e/application.yaml", null).status()).isIn(400, 401, 404);
  }

  @Test
  void metricsAreForAReaderOfEveryUser() {
    assertThat(wire.get("/actuator/prometheus", key(Scope.READ)).status()).isEqualTo(200);
    assertThat(wire.get("/actuator/prometheus", key(Scope.SCORE)).status()).isEqualTo(403);
    assertThat(wire.get("/actuator/prometheus", keyOf("bob", Scope.READ)).status()).isEqualTo(403);
  }

  @Test
  void aUsersOwnFeedbackKeyMayEraseThatUserATenantsMayNot() {
    assertThat(wire.delete("/users/bob", keyOf("bob", Scope.FEEDBACK)).status()).isEqualTo(204);
    assertThat(wire.delete("/users/bob", keyOf("bob", Scope.READ)).status()).isEqualTo(403);
    assertThat(wire.delete("/users/t:bob", keyOfTenant("t:", Scope.FEEDBACK)).status())
        .isEqualTo(403);
    assertThat(wire.delete("/users/t:bob", keyOfTenant("t:", Scope.ADMIN)).status()).isEqualTo(204);
  }

  @Test
  void aUserNamedInTheBodyIsNoWayRoundTheKey() {
    String bobs = keyOf("bob", Scope.SCORE);

    assertThat(wire.score("bob", bobs).status()).isEqualTo(200);
    assertThat(wire.score(null, bobs).status()).isEqualTo(200);
    isUnseen(wire.score("alice", bobs));
    String item = "{\"user\": \"%s\", \"prompt\": \"p\", \"responses\": [\"a\", \"b\"]}";
    String batch = "{\"items\": [%s, %s]}".formatted(item.formatted("bob"), item.formatted("eve"));
    isUnseen(wire.post("/score/batch", bobs, batch));
    isUnseen(
        wire.post(
            "/score/batch",
            bobs,
            "{\"user\": \"eve\", \"items\": [{\"prompt\": \"p\", \"responses\": [\"a\"]}]}"));
  }

  @Test
  void noDropInFormIsAWayRoundTheKey() {
    String bobs = keyOf("bob", Scope.SCORE);
    Map<String, String> bodies =
        Map.of(
            "/get_reward", "{\"query\": [\"a\"]%s}",
            "/rerank", "{\"query\": \"q\", \"texts\": [\"a\"]%s}",
            "/v1/rerank", "{\"query\": \"q\", \"documents\": [\"a\"]%s}",
            "/v2/rerank", "{\"query\": \"q\", \"documents\": [\"a\"]%s}",
            "/v1/score", "{\"text_1\": \"p\", \"text_2\": \"a\"%s}");
    bodies.forEach((path, body) -> {
      assertThat(wire.post(path, bobs, body.formatted("")).status()).as(path).isEqualTo(200);
      String bob = body.formatted(", \"user\": \"bob\"");
      assertThat(wire.post(path, bobs, bob).status()).as(path).isEqualTo(200);
      isUnseen(wire.post(path, bobs, body.formatted(", \"user\": \"alice\"")));
      isUnseen(wire.post(path + "?user=alice", bobs, body.formatted("")));
    });
  }
}
