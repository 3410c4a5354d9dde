package dev.palate.server.security;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/**
 * Turns a JSON Web Token into its caller: the scopes of {@code scope} (words parted by blanks, or a
 * list) and {@code scp}, bound to the user of one claim, unless a scope says that the token is for
 * every user.
 */
final class JwtAuthentication implements AuthenticationManager {

  private final JwtDecoder decoder;
  private final SecuritySettings.Jwt settings;

  JwtAuthentication(JwtDecoder decoder, SecuritySettings.Jwt settings) {
    this.decoder = decoder;
    this.settings = settings;
  }

  @Override
  public Authentication authenticate(Authentication authentication) {
    if (!(authentication instanceof BearerTokenAuthenticationToken bearer)) {
      throw new BadCredentialsException("No bearer token");
    }
    try {
      return new CallerAuthentication(caller(decoder.decode(bearer.getToken())));
    } catch (BadJwtException e) {
      throw new BadCredentialsException("No good token", e);
    } catch (JwtException e) {
      // the issuer's keys cannot be had
      throw new AuthenticationOutage(e);
    }
  }

  private Caller caller(Jwt jwt) {
    Set<String> words = new HashSet<>(words(jwt.getClaims().get("scope")));
    words.addAll(words(jwt.getClaims().get("scp")));
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    words.forEach(word -> Scope.of(word).ifPresent(scopes::add));
    String subject = jwt.getSubject();
    boolean everyone = words.contains(settings.allUsersScope()) || scopes.contains(Scope.ADMIN);
    Object user = jwt.getClaims().get(settings.userClaim());
    if (!everyone && !(user instanceof String)) {
      throw new BadCredentialsException("The token names no user");
    }
    return new Caller(
        "jwt:" + (subject == null ? String.valueOf(user) : subject),
        scopes,
        everyone ? Reach.EVERYONE : new Reach((String) user, null));
  }

  private static List<String> words(@Nullable Object claim) {
    return switch (claim) {
      case String text -> Arrays.asList(text.strip().split("\\s+", -1));
      case Collection<?> list -> list.stream().map(String::valueOf).toList();
      case null, default -> List.of();
    };
  }
}
