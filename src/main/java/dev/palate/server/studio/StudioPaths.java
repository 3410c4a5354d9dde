package dev.palate.server.studio;

import org.springframework.http.HttpMethod;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.header.writers.ContentSecurityPolicyHeaderWriter;
import org.springframework.security.web.header.writers.DelegatingRequestMatcherHeaderWriter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * The studio's paths: a page that holds nobody's data, so that it is open, and to which a browser
 * is told to grant next to nothing. What the page shows it asks of the API, with a key.
 */
public final class StudioPaths {

  /** The property that switches it off. */
  public static final String ENABLED = "palate.studio.enabled";

  public static final String PAGE = "/";

  public static final String FILES = "/studio/**";

  /** Files and answers of this origin, and no way for a text to become markup or script. */
  public static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private StudioPaths() {}

  /** Reading them, whatever else may be tried there. */
  public static RequestMatcher read() {
    return new OrRequestMatcher(
        path(HttpMethod.GET, PAGE),
        path(HttpMethod.HEAD, PAGE),
        path(HttpMethod.GET, FILES),
        path(HttpMethod.HEAD, FILES));
  }

  public static HeaderWriter policy() {
    return new DelegatingRequestMatcherHeaderWriter(
        read(), new ContentSecurityPolicyHeaderWriter(POLICY));
  }

  private static RequestMatcher path(HttpMethod method, String pattern) {
    return PathPatternRequestMatcher.withDefaults().matcher(method, pattern);
  }
}
