package dev.palate.server.security;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code palate.security.*}.
 *
 * @param mode {@code none} (loopback only), {@code api-key} or {@code jwt}
 * @param adminKey a first key, {@code <id>.<secret>}, of scope admin, good for as long as it is
 *     configured
 * @param adminKeyFile a file that holds it, in place of {@code admin-key}
 * @param keyCache how long a key read from the database is believed: a revocation reaches every
 *     replica within it
 * @param keyOutage how long a key is believed while the database does not answer
 * @param docsOpen whether {@code /openapi.json} and {@code /docs} are shown without a key
 * @param allowedHosts names besides those of loopback that a request may come by in mode {@code
 *     none}: a page in a browser on this machine must not reach the service by a name of its own
 */
@ConfigurationProperties("palate.security")
public record SecuritySettings(
    @DefaultValue("none") SecurityMode mode,
    @Nullable String adminKey,
    @Nullable Path adminKeyFile,
    @DefaultValue("30s") Duration keyCache,
    @DefaultValue("10m") Duration keyOutage,
    @DefaultValue("false") boolean docsOpen,
    @DefaultValue List<String> allowedHosts,
    @DefaultValue Cors cors,
    @DefaultValue Jwt jwt,
    @DefaultValue Quota quota) {

  public SecuritySettings {
    if (keyCache.isNegative() || keyCache.isZero()) {
      throw new IllegalArgumentException("'palate.security.key-cache' must be positive");
    }
    if (keyOutage.compareTo(keyCache) < 0) {
      throw new IllegalArgumentException(
          "'palate.security.key-outage' must not be shorter than 'palate.security.key-cache'");
    }
    allowedHosts = List.copyOf(allowedHosts);
  }

  /**
   * @param allowedOrigins whose pages may read answers, {@code https://app.example}; empty: none
   */
  public record Cors(@DefaultValue List<String> allowedOrigins) {
    public Cors {
      allowedOrigins = List.copyOf(allowedOrigins);
    }
  }

  /**
   * @param userClaim the claim that names the one user a token is for
   * @param allUsersScope a token with this scope, or with scope admin, is for every user
   */
  public record Jwt(
      @DefaultValue("sub") String userClaim, @DefaultValue("all_users") String allUsersScope) {}

  /**
   * What one key (or one subject) may use of one replica; 0: without end.
   *
   * @param requestsPerMinute requests of any kind
   * @param tokensPerMinute tokens of the responses scored for it, remembered or not
   */
  public record Quota(
      @DefaultValue("0") long requestsPerMinute, @DefaultValue("0") long tokensPerMinute) {
    public Quota {
      if (requestsPerMinute < 0 || tokensPerMinute < 0) {
        throw new IllegalArgumentException("'palate.security.quota.*' must not be negative");
      }
    }
  }
}
