package dev.palate.reliability;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingRequestWrapper;

/** Has every service that a test starts in its own JVM tell {@link SentTexts} what it was sent. */
class SentTextsInitializer
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    if (context instanceof WebApplicationContext) {
      FilterRegistrationBean<Listening> filter = new FilterRegistrationBean<>(new Listening());
      filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
      context.getBeanFactory().registerSingleton("sentTextsFilter", filter);
    }
  }

  private static final class Listening extends OncePerRequestFilter {

    /** Of a body; the rest of a huge one is more of the same. */
    private static final int BYTES = 1 << 16;

    @Override
    protected void doFilterInternal(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws ServletException, IOException {
      String authorization = request.getHeader("Authorization");
      if (authorization != null) {
        SentTexts.inHeader(authorization);
      }
      ContentCachingRequestWrapper copied = new ContentCachingRequestWrapper(request, BYTES);
      try {
        chain.doFilter(copied, response);
      } finally {
        SentTexts.inBody(new String(copied.getContentAsByteArray(), StandardCharsets.UTF_8));
      }
    }
  }
}
