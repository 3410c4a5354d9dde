package dev.palate.server.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's last word on requests that reach no filter, such as a path it cannot decode. Tomcat
 * makes it by its class name, so it stands on its own and writes its few fixed words without a
 * mapper.
 */
public final class ProblemErrorValve extends ErrorReportValve {

  @Override
  protected void report(Request request, Response response, @Nullable Throwable thrown) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    Problem problem = Problem.ofStatus(status);
    byte[] body =
        """
        {"type":"%s","title":"%s","status":%d,"detail":"%s","code":"%s"}\
        """
            .formatted(
                problem.type(), problem.title(), problem.status(), problem.detail(), problem.code())
            .getBytes(StandardCharsets.UTF_8);
    try {
      if (response.getHeader(RequestIdFilter.HEADER) == null) {
        response.setHeader(
            RequestIdFilter.HEADER,
            RequestIdFilter.idFor(request.getHeader(RequestIdFilter.HEADER)));
      }
      response.setContentType("application/problem+json");
      response.setContentLength(body.length);
      response.getOutputStream().write(body);
      response.finishResponse();
    } catch (IOException | IllegalStateException e) {
      // The client is gone or the answer has begun: there is no one left to tell
      container.getLogger().debug("An error could not be reported", e);
    }
  }
}
