package dev.palate.server.security;

import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;

/**
 * What Spring Security refuses, as problem details. Every 401 is the same to the byte, whatever the
 * cause: a caller learns nothing about keys that are not the caller's.
 */
final class SecurityProblems
    implements AuthenticationEntryPoint, AccessDeniedHandler, RequestRejectedHandler {

  private static final String RETRY_SECONDS = "2";

  private final ProblemWriter problems;
  private final HostNames hosts;

  SecurityProblems(ProblemWriter problems, HostNames hosts) {
    this.problems = problems;
    this.hosts = hosts;
  }

  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
      throws IOException {
    if (e instanceof AuthenticationOutage) {
      response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
      problems.write(
          response, ErrorCode.AUTHENTICATION_UNAVAILABLE, "Send the request again in a moment");
      return;
    }
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    problems.write(
        response,
        ErrorCode.UNAUTHORIZED,
        "Send 'Authorization: Bearer' with a key or token that is good now");
  }

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
      throws IOException {
    problems.write(response, ErrorCode.FORBIDDEN, "This key has not the scope for it");
  }

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, RequestRejectedException e)
      throws IOException {
    if (hosts.allows(request.getServerName())) {
      problems.write(response, ErrorCode.NOT_FOUND, "Nothing is served at this path");
    } else {
      problems.write(
          response,
          ErrorCode.MALFORMED_REQUEST,
          "Palate does not go by this host name: see palate.security.allowed-hosts");
    }
  }
}
