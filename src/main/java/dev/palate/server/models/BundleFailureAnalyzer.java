package dev.palate.server.models;

import dev.palate.core.bundle.BundleException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says at start-up, without a stack trace, why the model cannot serve. */
final class BundleFailureAnalyzer extends AbstractFailureAnalyzer<BundleException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, BundleException cause) {
    return new FailureAnalysis("The reward model cannot be served.", cause.getMessage(), cause);
  }
}
