package dev.palate.server.security.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.tier.NeedsProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/**
 * {@code key create|list|revoke} beside a service: a key is made in a process of its own, as at a
 * shell, the rest in this one.
 */
@NeedsProcess
class KeyCommandTest extends SecuredTest {

  @Autowired JdbcConnectionDetails database;

  private record Run(int exit, String out, String err) {}

  @Test
  void aKeyIsMadeListedAndRevokedInTheDatabaseThatTheServiceUses() throws Exception {
    Run create =
        runAtAShell(
            "create",
            "--scopes",
            "read,score",
            "--user",
            "dora",
            "--expires",
            "90d",
            "--name",
            "x");

    assertThat(create.exit()).as(create.err()).isZero();
    String key = create.out().strip();
    assertThat(KeyToken.parse(key)).as("standard output is the key alone").isPresent();
    assertThat(create.err().strip())
        .contains("score,read for user dora until")
        .as("nothing is logged")
        .doesNotContain(key, "\n");
    assertThat(wire.get("/users/dora/expert-weights", key).status()).isEqualTo(200);
    assertThat(wire.get("/users/alice/expert-weights", key).status()).isEqualTo(404);

    Run list = run("list");
    assertThat(list.out()).contains(id(key), "good", "user dora").doesNotContain(key);

    assertThat(run("revoke", id(key)).exit()).isZero();
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> assertThat(wire.get("/users/dora/expert-weights", key).status()).isEqualTo(401));
  }

  @Test
  void aKeyWrittenToAFileIsMadeOnceAndShownToNobodyElse(@TempDir Path temp) throws Exception {
    Path file = temp.resolve("key");
    String[] create = {"create", "--scopes", "read", "--name", "of a file", "--out", file + ""};

    Run first = run(create);

    String key = Files.readString(file).strip();
    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.out() + first.err()).doesNotContain(key);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    assertThat(wire.get("/users/dora/expert-weights", key).status()).isEqualTo(200);

    Run again = run(create);
    assertThat(again.exit()).isZero();
    assertThat(again.err()).contains("no key was made");
    assertThat(Files.readString(file).strip()).isEqualTo(key);

    Run nowhere = run("create", "--scopes", "read", "--name", "lost", "--out", temp + "/none/key");
    assertThat(nowhere.exit()).isEqualTo(1);
    List<JsonNode> keys =
        wire.get("/keys?limit=500", ADMIN).json().path("keys").valueStream().toList();
    assertThat(keys.stream().filter(row -> row.path("name").asString().equals("of a file")))
        .hasSize(1);
    assertThat(keys.stream().filter(row -> row.path("name").asString().equals("lost")))
        .singleElement()
        .matches(row -> row.path("revoked_at").isString());
  }

  @Test
  void whatCannotBeDoneIsSaidInOneLine() throws Exception {
    Run prefix = run("create", "--scopes", "read", "--prefix", "acme");
    assertThat(prefix.exit()).isEqualTo(1);
    assertThat(prefix.err().strip()).contains("prefix").doesNotContain("\n");

    Run unknown = run("revoke", "nobody");
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.err().strip()).isEqualTo("There is no key nobody");
  }

  private Run run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String url = database.getJdbcUrl();
    String as =
        "user=%s&password=%s"
            .formatted(database.getUsername(), String.valueOf(database.getPassword()));
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--database-url=" + url + (url.contains("?") ? "&" : "?") + as);
    int exit =
        new CommandLine(new KeyCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    return new Run(exit, out.toString(), err.toString());
  }

  private Run runAtAShell(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.palate.PalateApplication",
            "key"));
    command.addAll(List.of(arguments));
    command.add("--database-url=" + database.getJdbcUrl());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPRING_DATASOURCE_USERNAME", database.getUsername());
    builder.environment().put("SPRING_DATASOURCE_PASSWORD", String.valueOf(database.getPassword()));
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), out, err);
  }
}
