package dev.palate.server.web;

import java.io.PrintStream;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Once the service is ready, prints three requests to try, with the port it really has. */
@Component
class Greeting {

  private final PrintStream out;

  @Autowired
  Greeting() {
    this(System.out);
  }

  Greeting(PrintStream out) {
    this.out = out;
  }

  @EventListener
  void ready(ApplicationReadyEvent event) {
    if (event.getApplicationContext() instanceof WebServerApplicationContext context
        && context.getWebServer() != null) {
      boolean open =
          context
              .getEnvironment()
              .getProperty("palate.security.mode", "none")
              .equalsIgnoreCase("none");
      out.println(text(context.getWebServer().getPort(), open));
    }
  }

  /**
   * One line a request, so that each can be pasted as it is.
   *
   * @param open whether it needs no key; else the key is taken from {@code PALATE_KEY}
   */
  static String text(int port, boolean open) {
    String key = open ? "" : " -H \"Authorization: Bearer $PALATE_KEY\"";
    String url = "http://127.0.0.1:" + port;
    return """

    Palate is ready. Three requests to try:

    curl -s%2$s %1$s/score -H 'Content-Type: application/json' -d '{"user": "alice", "prompt": "How do tides work?", "responses": ["The moon pulls the sea.", "What a wonderful question! Let us embark on a journey through the enchanting world of tides."]}'

    curl -s%2$s %1$s/users/alice/feedback -H 'Content-Type: application/json' -H 'Prefer: wait=5' -d '{"labels": [{"prompt": "How do tides work?", "chosen": "The moon pulls the sea.", "rejected": "What a wonderful question! Let us embark on a journey through the enchanting world of tides."}]}'

    curl -s%2$s '%1$s/users/alice/expert-weights?limit=3'
    """
        .formatted(url, key);
  }
}
