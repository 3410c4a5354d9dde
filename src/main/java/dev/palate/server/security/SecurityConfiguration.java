package dev.palate.server.security;

import dev.palate.server.studio.StudioPaths;
import dev.palate.server.web.ProblemWriter;
import jakarta.servlet.DispatcherType;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.annotation.web.configurers.CorsConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer.FrameOptionsConfig;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The filters before every request. They see to it that there is a caller; what the caller may do,
 * {@link ScopeInterceptor} decides beside the handler. Stateless: no session, no cookie, so a
 * browser adds no credentials of its own accord and CSRF has nothing to ride on.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SecuritySettings.class)
class SecurityConfiguration {

  @Bean
  SecurityFilterChain securityFilterChain(
      HttpSecurity http,
      SecuritySettings settings,
      SecurityProblems refusals,
      ProblemWriter problems,
      Quotas quotas,
      ObjectProvider<AuthenticationManager> manager,
      @Value("${springdoc.api-docs.path:/openapi.json}") String document,
      @Value("${springdoc.swagger-ui.path:/docs}") String docs,
      @Value("${" + StudioPaths.ENABLED + ":true}") boolean studio) {
    http.csrf(csrf -> csrf.disable())
        .logout(logout -> logout.disable())
        .requestCache(cache -> cache.disable())
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .exceptionHandling(e -> e.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
        // nosniff, no-store where a handler says nothing of its own, HSTS where the request is TLS
        .headers(headers ->
            headers
                .frameOptions(FrameOptionsConfig::deny)
                .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
                .addHeaderWriter(StudioPaths.policy()))
        .cors(cors(settings.cors()));
    if (settings.mode() != SecurityMode.NONE) {
      AuthenticationManager authentication = manager.getObject();
      http.authorizeHttpRequests(requests -> routes(requests, settings, document, docs, studio))
          .oauth2ResourceServer(server ->
              server
                  .authenticationManagerResolver(request -> authentication)
                  .authenticationEntryPoint(refusals)
                  .accessDeniedHandler(refusals))
          .addFilterAfter(new QuotaFilter(quotas, problems), BearerTokenAuthenticationFilter.class);
    }
    return http.build();
  }

  private static void routes(
      AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry
          requests,
      SecuritySettings settings,
      String document,
      String docs,
      boolean studio) {
    // an error is told where it happened; what led to it was decided before
    requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC).permitAll();
    requests.requestMatchers("/livez", "/readyz").permitAll();
    requests.requestMatchers(EndpointRequest.to("health")).permitAll();
    // Metrics and what else actuator shows speak of every user
    requests
        .requestMatchers(EndpointRequest.toAnyEndpoint())
        .access((authentication, context) ->
            new AuthorizationDecision(
                authentication.get() instanceof CallerAuthentication by
                    && by.caller().has(Scope.READ)
                    && by.caller().reach().isEveryone()));
    if (settings.docsOpen()) {
      requests.requestMatchers(document, document + "/**", docs, "/swagger-ui/**").permitAll();
    }
    if (studio) {
      requests.requestMatchers(StudioPaths.read()).permitAll();
    }
    requests.anyRequest().authenticated();
  }

  private static Customizer<CorsConfigurer<HttpSecurity>> cors(SecuritySettings.Cors settings) {
    if (settings.allowedOrigins().isEmpty()) {
      return cors -> cors.disable();
    }
    CorsConfiguration rules = new CorsConfiguration();
    rules.setAllowedOrigins(settings.allowedOrigins());
    rules.setAllowedMethods(List.of("GET", "POST", "DELETE"));
    rules.setAllowedHeaders(
        List.of("Authorization", "Content-Type", "Prefer", "Idempotency-Key", "If-None-Match"));
    rules.setExposedHeaders(
        List.of(
            "ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id"));
    UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
    source.registerCorsConfiguration("/**", rules);
    return cors -> cors.configurationSource(source);
  }

  /**
   * A label's id may hold any character, escaped in the path; such characters lead round no rule,
   * since rules stand on handlers and not on paths.
   */
  @Bean
  StrictHttpFirewall firewall(SecuritySettings settings) {
    StrictHttpFirewall firewall = new StrictHttpFirewall();
    firewall.setAllowUrlEncodedSlash(true);
    firewall.setAllowUrlEncodedDoubleSlash(true);
    firewall.setAllowUrlEncodedPercent(true);
    firewall.setAllowUrlEncodedPeriod(true);
    firewall.setAllowBackSlash(true);
    firewall.setAllowSemicolon(true);
    firewall.setAllowUrlEncodedCarriageReturn(true);
    firewall.setAllowUrlEncodedLineFeed(true);
    firewall.setAllowUrlEncodedLineSeparator(true);
    firewall.setAllowUrlEncodedParagraphSeparator(true);
    // What a header holds is for its reader to judge; to a method without a route we say 405
    firewall.setAllowedHeaderNames(name -> true);
    firewall.setAllowedHeaderValues(value -> true);
    firewall.setAllowedParameterNames(name -> true);
    firewall.setAllowedParameterValues(value -> true);
    firewall.setUnsafeAllowAnyHttpMethod(true);
    firewall.setAllowedHostnames(HostNames.of(settings)::allows);
    return firewall;
  }

  @Bean
  SecurityProblems refusals(ProblemWriter problems, SecuritySettings settings) {
    return new SecurityProblems(problems, HostNames.of(settings));
  }

  @Bean
  WebMvcConfigurer scopes(ScopeInterceptor interceptor) {
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(interceptor).order(Ordered.HIGHEST_PRECEDENCE);
      }
    };
  }

  /** Says who the caller is, by the mode. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnSecurityMode(SecurityMode.JWT)
  static class Tokens {

    @Bean
    AuthenticationManager jwtAuthentication(
        ObjectProvider<JwtDecoder> decoder, SecuritySettings settings) {
      JwtDecoder configured = decoder.getIfAvailable();
      if (configured == null) {
        throw new SecuritySetupException(
            "'palate.security.mode' is jwt, and nothing says whose tokens are good.",
            "Set one of spring.security.oauth2.resourceserver.jwt.issuer-uri, .jwk-set-uri or"
                + " .public-key-location, and .audiences with it.");
      }
      return new JwtAuthentication(configured, settings.jwt());
    }
  }
}
