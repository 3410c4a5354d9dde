package dev.palate.server.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Bounds what a request can make us read. A declared length over the limit is refused at once; an
 * undeclared one (chunked) when the count passes the limit. Compressed bodies are refused, since
 * their length says nothing of what they unpack to.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 20)
class BodyFilter extends OncePerRequestFilter {

  static final int MAX_BODY_BYTES = 4 << 20;

  private final ProblemWriter problems;

  BodyFilter(ProblemWriter problems) {
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.isBlank() && !encoding.equalsIgnoreCase("identity")) {
      problems.write(
          response,
          Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Compressed bodies are not accepted"));
    } else if (request.getContentLengthLong() > MAX_BODY_BYTES) {
      problems.write(response, TooLargeException.problem());
    } else {
      chain.doFilter(new Bounded(request), response);
    }
  }

  private static final class Bounded extends HttpServletRequestWrapper {

    Bounded(HttpServletRequest request) {
      super(request);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      return new BoundedStream(super.getInputStream());
    }

    @Override
    public BufferedReader getReader() throws IOException {
      return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }
  }

  private static final class BoundedStream extends ServletInputStream {

    private final ServletInputStream in;
    private long count;

    BoundedStream(ServletInputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = in.read(buffer, offset, length);
      count(Math.max(read, 0));
      return read;
    }

    private void count(int bytes) throws TooLargeException {
      count += bytes;
      if (count > MAX_BODY_BYTES) {
        throw new TooLargeException();
      }
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }

    @Override
    public boolean isFinished() {
      return in.isFinished();
    }

    @Override
    public boolean isReady() {
      return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      in.setReadListener(listener);
    }
  }

  /** The body went over the limit while it was read. */
  static final class TooLargeException extends IOException {

    @Serial private static final long serialVersionUID = 1L;

    static Problem problem() {
      return Problem.of(
          ErrorCode.PAYLOAD_TOO_LARGE, "A body holds at most %d bytes".formatted(MAX_BODY_BYTES));
    }
  }
}
