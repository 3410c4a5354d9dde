package dev.palate.adaptation;

/** The name db-scheduler knows the job by; the instance is the user's id. */
final class AdaptationTask {

  static final String NAME = "adapt";

  private AdaptationTask() {}
}
