package dev.palate.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Shows a bulk solve of the service until it is over: on a terminal one line that is written anew,
 * elsewhere a line for every twentieth part. The bulk does not depend on who looks.
 */
final class BulkProgress {

  private static final int PARTS = 20;

  private final ServiceClient service;
  private final PrintWriter out;
  private final boolean terminal;
  private final Duration pause;

  BulkProgress(ServiceClient service, PrintWriter out, boolean terminal, Duration pause) {
    this.service = service;
    this.out = out;
    this.terminal = terminal;
    this.pause = pause;
  }

  /**
   * @param bulk as the service answered its start
   */
  void follow(JsonNode bulk) {
    JsonNode now = bulk;
    long shown = -1;
    while (now.path("status").asString().equals("running")) {
      long part = PARTS * now.path("done").asLong() / Math.max(1, now.path("users").asLong());
      if (terminal || part > shown) {
        out.print(line(now) + (terminal ? "\r" : System.lineSeparator()));
        out.flush();
        shown = part;
      }
      rest();
      now = service.get("/bulk-solves/" + now.path("id").asLong());
    }
    out.println(now.path("users").asLong() == 0 ? "No user's weights are behind" : line(now));
    if (now.path("failed").asLong() > 0) {
      out.println("Those that failed are tried again, each by a job of their own");
    }
  }

  private static String line(JsonNode bulk) {
    return String.format(
        Locale.ROOT,
        "%,d / %,d users, %,.0f users/s, %,d failed, model %s",
        bulk.path("done").asLong(),
        bulk.path("users").asLong(),
        bulk.path("users_per_second").asDouble(),
        bulk.path("failed").asLong(),
        bulk.path("model_version").asString());
  }

  private void rest() {
    try {
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceException("Interrupted; the bulk goes on in the service");
    }
  }
}
