package dev.palate.core.model.remote;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What is measured of the requests to remote encoders. No text is ever a tag. */
public final class RemoteMeters {
  private static final List<String> OUTCOMES =
      List.of("ok", "busy", "unreachable", "timeout", "refused", "misfit");

  private final Map<String, Timer> requests;
  private final Counter retries;

  /** All are there from the start, at nought: of a series that begins at 1 no rate is had. */
  public RemoteMeters(MeterRegistry meters) {
    this.requests =
        OUTCOMES.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    outcome -> outcome,
                    outcome ->
                        Timer.builder("palate.encoder.request")
                            .description("Requests to the remote encoder")
                            .tag("outcome", outcome)
                            .register(meters)));
    this.retries =
        Counter.builder("palate.encoder.retries")
            .description("Requests that were sent to the remote encoder once more")
            .register(meters);
  }

  /** Where nobody reads them. */
  public static RemoteMeters none() {
    return new RemoteMeters(new SimpleMeterRegistry());
  }

  /**
   * @param outcome {@code ok}, {@code busy} (429, 502, 503, 504), {@code unreachable}, {@code
   *     timeout}, {@code refused} (the texts) or {@code misfit}
   */
  void request(String outcome, Duration took) {
    Objects.requireNonNull(requests.get(outcome), outcome).record(took);
  }

  void retried() {
    retries.increment();
  }
}
