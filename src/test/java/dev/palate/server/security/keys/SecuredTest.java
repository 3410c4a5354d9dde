package dev.palate.server.security.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.server.adaptation.TestModel;
import dev.palate.server.database.PostgresTestSupport;
import dev.palate.server.security.Scope;
import dev.palate.server.security.Wire;
import dev.palate.tier.NeedsPostgres;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The whole application with API keys: Tomcat, PostgreSQL, every room; only the model is one that
 * counts letters.
 */
@ResourceLock("secured service") // which these classes share
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "palate.security.mode=api-key",
      "palate.security.admin-key=" + SecuredTest.ADMIN,
      "palate.security.key-cache=1s"
    })
@Import({PostgresTestSupport.class, SecuredTest.Model.class})
@NeedsPostgres
public abstract class SecuredTest {

  public static final String ADMIN =
      "first.0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  public Wire wire;
  @Autowired ApiKeys keys;
  @Autowired public JdbcClient jdbc;

  @BeforeEach
  public void connect(@LocalServerPort int port) {
    wire = new Wire(port);
  }

  @TestConfiguration(proxyBeanMethods = false)
  public static class Model {
    @Bean
    TestModel testModel() {
      return new TestModel();
    }
  }

  /** A new key that is bound to nobody. */
  public String key(Scope... scopes) {
    return make(new NewKey(null, List.of(scopes), null, null, null));
  }

  /** A new key that is bound to one user. */
  public String keyOf(String user, Scope... scopes) {
    return make(new NewKey(null, List.of(scopes), user, null, null));
  }

  /** A new key that is bound to a tenant. */
  public String keyOfTenant(String prefix, Scope... scopes) {
    return make(new NewKey(null, List.of(scopes), null, prefix, null));
  }

  public String revoked(Scope... scopes) {
    String key = key(scopes);
    assertThat(keys.revoke(id(key))).isTrue();
    return key;
  }

  public String expired(Scope... scopes) {
    String key = key(scopes);
    jdbc.sql("update api_key set expires_at = now() - interval '1 second' where id = ?")
        .param(id(key))
        .update();
    return key;
  }

  public static Scope[] allBut(Set<Scope> scopes) {
    return java.util.Arrays.stream(Scope.values())
        .filter(scope -> !scopes.contains(scope))
        .toArray(Scope[]::new);
  }

  public static String id(String key) {
    return key.substring(0, key.indexOf('.'));
  }

  private String make(NewKey asked) {
    return keys.create(asked, "test").token().text();
  }
}
