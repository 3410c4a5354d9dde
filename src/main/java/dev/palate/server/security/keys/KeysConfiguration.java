package dev.palate.server.security.keys;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.palate.server.database.ScoringPool;
import dev.palate.server.security.ConditionalOnSecurityMode;
import dev.palate.server.security.SecurityMode;
import dev.palate.server.security.SecuritySettings;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.AuthenticationManager;

/** Authenticates callers by API key. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnSecurityMode(SecurityMode.API_KEY)
class KeysConfiguration {

  @Bean
  ApiKeyRows apiKeyRows(JdbcClient jdbc) {
    return new ApiKeyRows(jdbc);
  }

  @Bean
  ApiKeys apiKeys(ApiKeyRows rows, Clock clock) {
    return new ApiKeys(rows, new SecureRandom(), clock);
  }

  @Bean
  KeyVerifier keyVerifier(
      ApiKeyRows rows, ScoringPool scoring, SecuritySettings settings, Clock clock) {
    VirtualThreadTaskExecutor threads = new VirtualThreadTaskExecutor("keys-");
    return new KeyVerifier(
        new ApiKeyRows(scoring.client()),
        rows::noteUse,
        settings,
        clock,
        threads,
        threads,
        Ticker.systemTicker());
  }

  @Bean
  AuthenticationManager keyAuthentication(KeyVerifier keys) {
    return new KeyAuthentication(keys);
  }
}
