package dev.palate.server.security;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says at start-up why the service does not listen, and what to do. */
final class SecuritySetupFailureAnalyzer extends AbstractFailureAnalyzer<SecuritySetupException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, SecuritySetupException cause) {
    return new FailureAnalysis(
        "Palate refuses to start: " + cause.getMessage(), cause.action(), cause);
  }
}
