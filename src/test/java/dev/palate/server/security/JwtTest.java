package dev.palate.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.palate.server.database.PostgresTestSupport;
import dev.palate.server.security.keys.SecuredTest;
import dev.palate.tier.NeedsPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "palate.security.mode=jwt",
      "spring.security.oauth2.resourceserver.jwt.audiences=palate",
      "palate.security.docs-open=true"
    })
@Import({PostgresTestSupport.class, SecuredTest.Model.class})
@NeedsPostgres
class JwtTest {

  @TempDir static Path temp;
  private static final RSAKey ISSUER = rsa();

  private Wire wire = new Wire(0);

  @DynamicPropertySource
  static void publicKey(DynamicPropertyRegistry registry) throws Exception {
    Path pem = temp.resolve("issuer.pem");
    String encoded = Base64.getMimeEncoder().encodeToString(ISSUER.toRSAPublicKey().getEncoded());
    Files.writeString(
        pem, "-----BEGIN PUBLIC KEY-----\n" + encoded + "\n-----END PUBLIC KEY-----\n");
    registry.add(
        "spring.security.oauth2.resourceserver.jwt.public-key-location", () -> "file:" + pem);
  }

  @BeforeEach
  void connect(@LocalServerPort int port) {
    wire = new Wire(port);
  }

  @Test
  void theSubjectIsTheUserAndScopesComeAsWordsOrAsAList() {
    String words = token(c -> c.subject("bob").claim("scope", "openid score read"));
    String list = token(c -> c.subject("bob").claim("scp", List.of("read")));

    assertThat(wire.score("bob", words).status()).isEqualTo(200);
    assertThat(wire.score("alice", words).status()).isEqualTo(404);
    assertThat(wire.get("/users/bob/expert-weights", list).status()).isEqualTo(200);
    assertThat(wire.get("/users/alice/expert-weights", list).status()).isEqualTo(404);
    assertThat(wire.score("bob", list).status()).as("no scope score").isEqualTo(403);
  }

  @Test
  void aScopeSaysThatATokenIsForEveryUser() {
    String backend = token(c -> c.subject("backend").claim("scope", "read all_users"));
    String admin = token(c -> c.subject("ops").claim("scope", "admin"));

    assertThat(wire.get("/users/alice/expert-weights", backend).status()).isEqualTo(200);
    assertThat(wire.delete("/users/alice", backend).status()).isEqualTo(403);
    assertThat(wire.delete("/users/alice", admin).status()).isEqualTo(204);
  }

  @Test
  void aTokenThatIsNotGoodIsTheOne401() throws Exception {
    RSAKey other = rsa();
    JWTClaimsSet claims = claims(c -> c.subject("bob").claim("scope", "read"));
    byte[] publicKey = ISSUER.toRSAPublicKey().getEncoded();
    String expected = wire.get("/model", null).body();

    for (String token :
        List.of(
            sign(claims, JWSAlgorithm.RS256, new RSASSASigner(other)),
            sign(claims, JWSAlgorithm.HS256, new MACSigner(publicKey)),
            new PlainJWT(claims).serialize(),
            token(c -> c.subject("bob").expirationTime(Date.from(Instant.EPOCH))),
            token(c -> c.subject("bob").notBeforeTime(date(3600))),
            token(c -> c.subject("bob").audience("another")),
            token(c -> c.claim("scope", "read")),
            "a.b.c",
            "x")) {
      Wire.Answer answer = wire.get("/model", token);
      assertThat(answer.status()).as(token).isEqualTo(401);
      assertThat(answer.body()).isEqualTo(expected);
      assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    }
  }

  @Test
  void thereAreNoKeysToKeepAndTheDocumentMayBeOpen() {
    String admin = token(c -> c.subject("ops").claim("scope", "admin"));

    assertThat(wire.get("/keys", admin).status()).isEqualTo(404);
    assertThat(wire.get("/openapi.json", null).body()).contains("\"bearerFormat\":\"JWT\"");
    assertThat(wire.get("/docs", null).status()).isEqualTo(302);
    assertThat(wire.get("/swagger-ui/index.html", null).status()).isEqualTo(200);
  }

  @Test
  void anIssuerThatDoesNotAnswerIsAnOutageAndNoVerdict() {
    JwtAuthentication authentication =
        new JwtAuthentication(
            token -> {
              throw new JwtException("the key set cannot be had");
            },
            new SecuritySettings.Jwt("sub", "all_users"));

    assertThatThrownBy(
            () -> authentication.authenticate(new BearerTokenAuthenticationToken("a.b.c")))
        .isInstanceOf(AuthenticationOutage.class);
  }

  private static RSAKey rsa() {
    try {
      return new RSAKeyGenerator(2048).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Date date(int secondsFromNow) {
    return new Date(System.currentTimeMillis() + secondsFromNow * 1000L);
  }

  private static JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> more) {
    return more.apply(new JWTClaimsSet.Builder().audience("palate").expirationTime(date(600)))
        .build();
  }

  private static String token(UnaryOperator<JWTClaimsSet.Builder> more) {
    try {
      return sign(claims(more), JWSAlgorithm.RS256, new RSASSASigner(ISSUER));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sign(JWTClaimsSet claims, JWSAlgorithm algorithm, JWSSigner signer)
      throws JOSEException {
    SignedJWT jwt = new SignedJWT(new JWSHeader(algorithm), claims);
    jwt.sign(signer);
    return jwt.serialize();
  }
}
