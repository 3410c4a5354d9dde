package dev.palate.server.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Gives every request an id: in the answer's header, and in each line it logs. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class RequestIdFilter extends OncePerRequestFilter {

  static final String HEADER = "X-Request-Id";
  private static final String MDC_KEY = "request_id";
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String before = response.getHeader(HEADER);
    String id = before == null ? idFor(request.getHeader(HEADER)) : before;
    response.setHeader(HEADER, id);
    MDC.put(MDC_KEY, id);
    try {
      chain.doFilter(request, response);
    } finally {
      MDC.remove(MDC_KEY);
    }
  }

  /** Tomcat refuses some requests (TRACE) before any filter: their first one is the error's. */
  @Override
  protected boolean shouldNotFilterErrorDispatch() {
    return false;
  }

  /** The sender's own id where it is harmless in a log, else a new one. */
  static String idFor(@Nullable String sent) {
    return sent != null && VALID.matcher(sent).matches() ? sent : UUID.randomUUID().toString();
  }

  static @Nullable String current() {
    return MDC.get(MDC_KEY);
  }
}
