package dev.palate.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.palate.server.security.keys.SecuredTest;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.platform.commons.util.ExceptionUtils;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;

@ExtendWith(OutputCaptureExtension.class)
@Isolated
class LogsTest extends SecuredTest {

  @Autowired JdbcTemplate jdbc;

  private final ListAppender<ILoggingEvent> audit = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("palate.audit");

  @BeforeEach
  void listen() {
    audit.start();
    logger.addAppender(audit);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(audit);
  }

  @Test
  void noKeyAndNoTextIsLogged(CapturedOutput output) {
    String key = key(Scope.values());
    String secret = key.substring(key.indexOf('.') + 1);
    wire.post("/score", key, "{\"prompt\": \"xyzzy-prompt\", \"responses\": [\"xyzzy-response\"]}");
    wire.post("/score", key, "{\"prompt\": \"xyzzy-prompt\", \"responses\": 7, \"x\": \"xyzzy\"}");
    wire.post(
        "/users/logs/feedback",
        key,
        "{\"labels\": [{\"prompt\": \"xyzzy\", \"chosen\": \"xyzzy1\", \"rejected\": \"xyzzy2\"}]}");
    wire.get("/model", id(key) + ".xyzzy-wrong-secret" + "0".repeat(43));
    String made = wire.post("/keys", key, "{\"scopes\": [\"read\"]}").json().path("key").asString();
    wire.delete("/users/logs", key);

    assertThat(output.getAll())
        .contains("eraseUser logs")
        .doesNotContain("xyzzy", secret, made.substring(made.indexOf('.') + 1));
  }

  @Test
  void whatTheDatabaseSaysOfAFaultQuotesNoRow() {
    String insert = "insert into users (id, incarnation) values (?, gen_random_uuid())";
    jdbc.update(insert, "xyzzy-row");

    assertThatThrownBy(() -> jdbc.update(insert, "xyzzy-row"))
        .hasStackTraceContaining("users_pkey")
        .satisfies(
            fault -> assertThat(ExceptionUtils.readStackTrace(fault)).doesNotContain("xyzzy"));
  }

  @Test
  void eachActOfAnAdminIsOneLine() {
    String id =
        wire.post("/keys", ADMIN, "{\"scopes\": [\"read\"]}")
            .json()
            .path("created")
            .path("id")
            .asString();
    wire.send("DELETE", "/keys/" + id, ADMIN, "", "X-Request-Id", "the-request");
    String bobs = keyOf("bob", Scope.FEEDBACK);
    wire.delete("/users/bob", bobs);
    wire.delete("/users/alice", bobs);
    wire.post("/keys", key(Scope.READ), "{}");

    assertThat(audit.list.stream().map(LogsTest::fields))
        .extracting(f -> f.get("act") + " " + f.get("object") + " " + f.get("outcome"))
        .containsExactly(
            "createKey " + id + " done",
            "revokeKey " + id + " done",
            "eraseUser bob done",
            "eraseUser alice refused",
            "createKey  refused");
    assertThat(fields(audit.list.get(0))).containsEntry("actor", id(ADMIN));
    assertThat(fields(audit.list.get(2))).containsEntry("actor", id(bobs));
    assertThat(audit.list.get(1).getFormattedMessage()).contains("request the-request");
    assertThat(audit.list.get(1).getMDCPropertyMap()).containsEntry("request_id", "the-request");
  }

  private static Map<String, String> fields(ILoggingEvent event) {
    List<org.slf4j.event.KeyValuePair> pairs = event.getKeyValuePairs();
    return pairs.stream().collect(Collectors.toMap(p -> p.key, p -> String.valueOf(p.value)));
  }
}
