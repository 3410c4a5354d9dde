package dev.palate.platform;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says at start-up why the service does not listen, and what to do. */
final class NotLoopbackFailureAnalyzer extends AbstractFailureAnalyzer<NotLoopbackException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, NotLoopbackException cause) {
    return new FailureAnalysis(
        "Palate refuses to start: " + cause.getMessage(),
        """
        Anyone who reaches the service could read and erase every user's labels. Listen on loopback \
        (server.address=127.0.0.1, the default) and put an authenticating proxy on the same machine \
        in front of it. Authentication of its own, palate.security.mode, comes in a later release.\
        """,
        cause);
  }
}
