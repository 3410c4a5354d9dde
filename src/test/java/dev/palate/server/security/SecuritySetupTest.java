package dev.palate.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.palate.server.security.keys.ConfiguredKey;
import dev.palate.server.security.keys.KeyToken;
import dev.palate.server.security.keys.SecuredTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** What the service will not start with. */
class SecuritySetupTest {

  @TempDir Path temp;

  private static void start(String... properties) {
    MockEnvironment environment = new MockEnvironment();
    for (int i = 0; i < properties.length; i += 2) {
      environment.setProperty(properties[i], properties[i + 1]);
    }
    LoopbackOnly check = new LoopbackOnly();
    check.setEnvironment(environment);
    check.postProcessBeanFactory(new DefaultListableBeanFactory());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "", "::", "10.1.2.3", "no.such.host.invalid"})
  void beyondLoopbackItNeedsAuthentication(String address) {
    assertThatThrownBy(() -> start("server.address", address))
        .isInstanceOf(SecuritySetupException.class)
        .hasMessageContaining("server.address")
        .satisfies(e ->
            assertThat(((SecuritySetupException) e).action())
                .contains("palate.security.mode=api-key", "palate.security.mode=jwt"));
  }

  @Test
  void theManagementPortIsLookedAtToo() {
    assertThatThrownBy(
            () -> start("server.address", "127.0.0.1", "management.server.address", "0.0.0.0"))
        .hasMessageContaining("management.server.address");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,none",
    "::1,none",
    "localhost,none",
    "0.0.0.0,api-key",
    "0.0.0.0,jwt",
    "0.0.0.0,API_KEY",
    "'',apikey"
  })
  void onLoopbackOrWithAuthenticationItStarts(String address, String mode) {
    assertThatCode(() -> start("server.address", address, "palate.security.mode", mode))
        .doesNotThrowAnyException();
  }

  @Test
  void aModeThatIsNoneIsRefused() {
    assertThatThrownBy(
            () -> start("server.address", "127.0.0.1", "palate.security.mode", "off-ish"))
        .hasMessageContaining("palate.security.mode");
  }

  @Test
  void tokensWithoutAnIssuerAreRefused() {
    assertThatThrownBy(() ->
            new SecurityConfiguration.Tokens()
                .jwtAuthentication(
                    new DefaultListableBeanFactory().getBeanProvider(JwtDecoder.class),
                    withFirstKey(null, null)))
        .isInstanceOf(SecuritySetupException.class);
  }

  @Test
  void theFirstKeyMayLieInAFile() throws Exception {
    KeyToken token = KeyToken.parse(SecuredTest.ADMIN).orElseThrow();
    Path file = Files.writeString(temp.resolve("key"), SecuredTest.ADMIN + "\n");

    ConfiguredKey key = ConfiguredKey.of(withFirstKey(null, file)).orElseThrow();

    assertThat(key.caller(token).orElseThrow().scopes()).containsExactly(Scope.ADMIN);
    assertThat(key.caller(new KeyToken(token.id(), token.secret() + "0"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hunter2", "admin.short", "admin:0123456789abcdef0123456789abcdef", "a.b.c"})
  void aFirstKeyThatIsNotOfTheFormIsRefusedAndNotRepeated(String key) {
    assertThatThrownBy(() -> ConfiguredKey.of(withFirstKey(key, null)))
        .isInstanceOf(SecuritySetupException.class)
        .hasMessageNotContaining(key);
  }

  @Test
  void withoutAFirstKeyThereIsNone() {
    assertThat(ConfiguredKey.of(withFirstKey("", Path.of("")))).isEmpty();
  }

  @Test
  void secretsAreComparedInConstantTime() {
    assertThat(
            new ClassFileImporter()
                .importClass(KeyToken.class)
                .getMethod("hasHash", byte[].class)
                .getMethodCallsFromSelf())
        .extracting(call -> call.getTargetOwner().getName() + "." + call.getName())
        .contains(MessageDigest.class.getName() + ".isEqual");
  }

  @Test
  void withoutCallersOnlyNamesOfLoopbackAreAnsweredTo() {
    HostNames names = HostNames.of(settings(SecurityMode.NONE, List.of("palate.example")));

    assertThat(List.of("localhost", "127.0.0.1", "[::1]", "palate.example", "LOCALHOST"))
        .allMatch(names::allows);
    assertThat(
            List.of("evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "1.2.3.4"))
        .noneMatch(names::allows);
    assertThat(HostNames.of(settings(SecurityMode.API_KEY, List.of())).allows("api.example"))
        .isTrue();
  }

  private static SecuritySettings withFirstKey(@Nullable String adminKey, @Nullable Path file) {
    return settings(SecurityMode.API_KEY, List.of(), adminKey, file);
  }

  private static SecuritySettings settings(SecurityMode mode, List<String> hosts) {
    return settings(mode, hosts, null, null);
  }

  private static SecuritySettings settings(
      SecurityMode mode, List<String> hosts, @Nullable String adminKey, @Nullable Path file) {
    return new SecuritySettings(
        mode,
        adminKey,
        file,
        Duration.ofSeconds(30),
        Duration.ofMinutes(10),
        false,
        hosts,
        new SecuritySettings.Cors(List.of()),
        new SecuritySettings.Jwt("sub", "all_users"),
        new SecuritySettings.Quota(0, 0));
  }
}
