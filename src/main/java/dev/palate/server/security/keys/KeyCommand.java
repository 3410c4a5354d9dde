package dev.palate.server.security.keys;

import dev.palate.server.database.DatabaseChoice;
import dev.palate.server.security.Scope;
import dev.palate.server.web.ProblemException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code key create|list|revoke}: keys, made where the database is. Whoever may write to the
 * database needs no key to make one: so the first comes about. The database is the one that the
 * service would use, by the same properties.
 */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description = "Makes, lists and revokes API keys, in the database itself.")
public final class KeyCommand implements Runnable {

  private static final String BY = "command line";
  private static final int PAGE = 500;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--database-url",
      scope = ScopeType.INHERIT,
      paramLabel = "JDBC-URL",
      description =
          "jdbc:postgresql://... (default: as the service, SPRING_DATASOURCE_URL, else the embedded"
              + " server). User and password: SPRING_DATASOURCE_USERNAME, SPRING_DATASOURCE_PASSWORD.")
  private @Nullable String databaseUrl;

  @Option(
      names = "--data-dir",
      scope = ScopeType.INHERIT,
      description = "Where the embedded server keeps its data (default: as the service, .palate).")
  private @Nullable String dataDir;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Choose one of: create, list, revoke");
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Makes a key and prints it: the only time that it is shown.")
  int create(
      @Option(
              names = "--scopes",
              required = true,
              split = ",",
              converter = ScopeConverter.class,
              description = "Some of score,feedback,read,admin.")
          List<Scope> scopes,
      @Option(names = "--user", description = "Bound to this one user.") @Nullable String user,
      @Option(names = "--prefix", description = "Bound to the users whose id begins so: acme:")
          @Nullable String prefix,
      @Option(
              names = "--expires",
              converter = DurationConverter.class,
              description = "After so long it is no good: 90d, 12h, 30m (default: never).")
          @Nullable Duration expires,
      @Option(names = "--name", description = "What you call it.") @Nullable String name,
      @Option(
              names = "--out",
              paramLabel = "FILE",
              description =
                  "Written there, for owner and group, instead of printed. Where the file is there"
                      + " already, no key is made.")
          @Nullable Path out) {
    if (out != null && Files.exists(out)) {
      err().println(out + " is there already: no key was made");
      return 0;
    }
    return withKeys(keys -> {
      NewKey asked =
          new NewKey(
              name,
              new ArrayList<>(scopes),
              user,
              prefix,
              expires == null ? null : Instant.now(Clock.systemUTC()).plus(expires));
      ApiKeys.Created created = keys.create(asked, BY);
      String text = created.token().text();
      if (out == null) {
        out().println(text);
      } else if (!KeyFile.write(out, text)) {
        keys.revoke(created.key().id());
        err().println("Cannot write " + out + ": the key was revoked again");
        return 1;
      }
      err()
          .printf(
              "Key %s: %s. %s%n",
              created.key().id(),
              describe(created.key()),
              out == null ? "Keep it now, it is not shown again." : "It is in " + out + ".");
      return 0;
    });
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "All keys, oldest first, without their secrets.")
  int list() {
    return withKeys(keys -> {
      Instant now = Instant.now(Clock.systemUTC());
      List<ApiKey> page = keys.list(0, PAGE);
      while (!page.isEmpty()) {
        for (ApiKey key : page) {
          out()
              .printf(
                  "%-18s %-8s %s  %s%s%n",
                  key.id(),
                  key.revokedAt() != null ? "revoked" : key.isGood(now) ? "good" : "expired",
                  key.createdAt().truncatedTo(ChronoUnit.SECONDS),
                  describe(key),
                  key.name().isEmpty() ? "" : "  " + key.name());
        }
        page = keys.list(page.getLast().row(), PAGE);
      }
      return 0;
    });
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = "Makes a key useless, on running replicas within palate.security.key-cache.")
  int revoke(
      @Parameters(paramLabel = "ID", description = "What stands before the dot.") String id) {
    return withKeys(keys -> {
      if (!keys.revoke(id)) {
        err().println("There is no key " + id);
        return 1;
      }
      out().println(id + " is revoked");
      return 0;
    });
  }

  private static String describe(ApiKey key) {
    String scopes =
        key.scopes().stream().sorted().map(Scope::word).collect(Collectors.joining(","));
    String whose =
        key.reach().user() != null
            ? "user " + key.reach().user()
            : key.reach().prefix() != null ? "users " + key.reach().prefix() + "*" : "every user";
    return scopes
        + " for "
        + whose
        + (key.expiresAt() == null
            ? ""
            : " until " + key.expiresAt().truncatedTo(ChronoUnit.SECONDS));
  }

  private int withKeys(ToIntFunction<ApiKeys> work) {
    List<String> properties = new ArrayList<>();
    properties.add("--spring.main.log-startup-info=false");
    if (databaseUrl != null) {
      properties.add("--spring.datasource.url=" + databaseUrl);
    }
    if (dataDir != null) {
      properties.add("--palate.data-dir=" + dataDir);
    }
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Database.class)
            .web(WebApplicationType.NONE)
            .run(properties.toArray(String[]::new))) {
      return work.applyAsInt(context.getBean(ApiKeys.class));
    } catch (ProblemException e) {
      err().println(problem(e));
      return 1;
    } catch (RuntimeException e) {
      err().println(innermost(e));
      return 1;
    } finally {
      out().flush();
      err().flush();
    }
  }

  private static String problem(ProblemException e) {
    return e.errors().stream()
        .map(error -> error.field() + " " + error.message())
        .collect(Collectors.joining("; ", e.getMessage() + ": ", ""));
  }

  /** The cause that knows best; a running service holds its embedded database for itself. */
  private static String innermost(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return message.startsWith("Another Palate")
        ? message
            + ". A running service makes keys too: POST /keys, with the key of PALATE_ADMIN_KEY"
        : message;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /**
   * The database and nothing else of the service; its schema is brought up to date. No
   * {@code @Configuration}: the service's component scan must pass it over.
   */
  @ImportAutoConfiguration({
    DatabaseChoice.class,
    DataSourceAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class,
    JdbcClientAutoConfiguration.class,
    FlywayAutoConfiguration.class
  })
  static class Database {
    @Bean
    ApiKeys apiKeys(JdbcClient jdbc) {
      return new ApiKeys(new ApiKeyRows(jdbc), new SecureRandom(), Clock.systemUTC());
    }
  }

  /** {@code score}. */
  static final class ScopeConverter implements ITypeConverter<Scope> {
    @Override
    public Scope convert(String word) {
      return Scope.of(word.strip())
          .orElseThrow(
              () -> new TypeConversionException("a scope is one of score, feedback, read, admin"));
    }
  }

  /** {@code 90d}, {@code 12h}, {@code 30m}. */
  static final class DurationConverter implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5})([dhm])");

    @Override
    public Duration convert(String text) {
      var form = FORM.matcher(text);
      if (!form.matches()) {
        throw new TypeConversionException("a time is a number and d, h or m: 90d");
      }
      long number = Long.parseLong(form.group(1));
      return switch (form.group(2)) {
        case "d" -> Duration.ofDays(number);
        case "h" -> Duration.ofHours(number);
        default -> Duration.ofMinutes(number);
      };
    }
  }
}
