package dev.palate.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * The health check of an image without a shell or curl: {@code java -cp palate.jar
 * dev.palate.cli.HealthCheck [PORT [PATH]]} asks the service on this machine and ends with 0 for a
 * 200, else with 1. Every few seconds a JVM is started for it: hence a socket, and nothing but the
 * JDK's smallest classes.
 */
public final class HealthCheck {

  private static final int TIMEOUT_MILLIS = 3000;
  private static final int STATUS_LINE = 64;

  private HealthCheck() {}

  public static void main(String[] args) {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
    System.exit(check(port, args.length > 1 ? args[1] : "/readyz", System.out));
  }

  /**
   * @param out hears the status line, or why there is none
   * @return the exit status
   */
  static int check(int port, String path, PrintStream out) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String status = firstLine(socket.getInputStream());
      out.println(status);
      return status.startsWith("HTTP/1.1 200") ? 0 : 1;
    } catch (IOException e) {
      out.println(path + " on port " + port + ": " + e.getMessage());
      return 1;
    }
  }

  private static String firstLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read();
        c != -1 && c != '\r' && c != '\n' && line.length() < STATUS_LINE;
        c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }
}
