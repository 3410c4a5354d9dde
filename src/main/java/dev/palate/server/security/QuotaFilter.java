package dev.palate.server.security;

import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Counts each request of a known caller, whatever becomes of it, and tells what is left: {@code
 * RateLimit-Policy} and {@code RateLimit} as draft-ietf-httpapi-ratelimit-headers-10 writes them
 * ({@code q} quota, {@code w} window, {@code r} remaining, {@code t} seconds until there is more).
 */
final class QuotaFilter extends OncePerRequestFilter {

  private final Quotas quotas;
  private final ProblemWriter problems;

  QuotaFilter(Quotas quotas, ProblemWriter problems) {
    this.quotas = quotas;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (!(SecurityContextHolder.getContext().getAuthentication() instanceof CallerAuthentication by)
        || !quotas.isLimited()) {
      chain.doFilter(request, response);
      return;
    }
    List<Quotas.Left> left = quotas.take(by.caller().id());
    response.setHeader("RateLimit-Policy", policy(left));
    response.setHeader("RateLimit", state(left));
    Duration wait =
        left.stream().map(Quotas.Left::retryAfter).max(Duration::compareTo).orElse(Duration.ZERO);
    if (wait.isZero()) {
      chain.doFilter(request, response);
    } else {
      response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds(wait)));
      problems.write(
          response,
          ErrorCode.QUOTA_EXCEEDED,
          "This key has used up its minute; send the request again after the Retry-After header");
    }
  }

  private static String policy(List<Quotas.Left> left) {
    return left.stream()
        .map(quota ->
            "\"%s\";q=%d;w=%d".formatted(quota.name(), quota.limit(), Quotas.WINDOW.toSeconds()))
        .collect(Collectors.joining(", "));
  }

  private static String state(List<Quotas.Left> left) {
    return left.stream()
        .map(quota ->
            "\"%s\";r=%d;t=%d"
                .formatted(
                    quota.name(),
                    quota.retryAfter().isZero() ? quota.left() : 0,
                    Math.max(seconds(quota.retryAfter()), secondsToOne(quota.limit()))))
        .collect(Collectors.joining(", "));
  }

  /** How long one takes to refill, rounded up. */
  private static long secondsToOne(long limit) {
    return Math.max(1, Math.ceilDiv(Quotas.WINDOW.toSeconds(), limit));
  }

  /** Rounded up: a client that waits so long is admitted. */
  static long seconds(Duration wait) {
    return wait.plusNanos(999_999_999).toSeconds();
  }
}
