package dev.palate.reward;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;

/** What is measured of the requests to remote encoders. No text is ever a tag. */
final class RemoteMeters {
  private final MeterRegistry meters;
  private final Counter retries;

  RemoteMeters(MeterRegistry meters) {
    this.meters = meters;
    this.retries =
        Counter.builder("palate.encoder.retries")
            .description("Requests that were sent to the remote encoder once more")
            .register(meters);
  }

  /** Where nobody reads them. */
  static RemoteMeters none() {
    return new RemoteMeters(new SimpleMeterRegistry());
  }

  /**
   * @param outcome {@code ok}, {@code busy} (429, 502, 503, 504), {@code unreachable}, {@code
   *     timeout}, {@code refused} (the texts) or {@code misfit}
   */
  void request(String outcome, Duration took) {
    Timer.builder("palate.encoder.request")
        .description("Requests to the remote encoder")
        .tag("outcome", outcome)
        .register(meters)
        .record(took);
  }

  void retried() {
    retries.increment();
  }
}
