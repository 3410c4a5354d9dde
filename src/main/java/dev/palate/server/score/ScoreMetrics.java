package dev.palate.server.score;

import dev.palate.core.model.CacheUse;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** What is measured of scoring. No user and no text is ever a tag. */
@Component
final class ScoreMetrics {

  private static final String REQUEST = "palate.score";
  private static final String OK = "ok";

  private final ObservationRegistry observations;
  private final boolean traced;
  private final Counter notFinite;
  private final Counter responses;
  private final Timer queue;
  private final Timer tokenize;
  private final Timer inference;
  private final Timer weights;
  private final Timer mix;

  ScoreMetrics(
      MeterRegistry meters,
      ObservationRegistry observations,
      @Value("${palate.telemetry.otlp.enabled:false}") boolean traced) {
    this.observations = observations;
    this.traced = traced;
    this.notFinite =
        Counter.builder("palate.score.not.finite")
            .description("Requests for which the model gave NaN or infinity")
            .register(meters);
    this.responses =
        Counter.builder("palate.score.responses").description("Responses scored").register(meters);
    this.queue = stage(meters, "queue");
    this.tokenize = stage(meters, "tokenize");
    this.inference = stage(meters, "inference");
    this.weights = stage(meters, "weights");
    this.mix = stage(meters, "mix");
    for (ScoreKind kind : ScoreKind.values()) {
      request(meters, kind, OK);
      request(meters, kind, word(ErrorCode.OVERLOADED));
      request(meters, kind, word(ErrorCode.ENCODER_UNAVAILABLE));
    }
  }

  /**
   * As the observation of {@link #timed} will find it. What alerts read is there from the start, at
   * nought: of a series that begins at 1 no rate is had.
   */
  private static void request(MeterRegistry meters, ScoreKind kind, String outcome) {
    Timer.builder(REQUEST)
        .tags("kind", kind.word(), "outcome", outcome, "error", KeyValue.NONE_VALUE)
        .register(meters);
  }

  private static String word(ErrorCode code) {
    return code.name().toLowerCase(Locale.ROOT);
  }

  private static Timer stage(MeterRegistry meters, String stage) {
    return Timer.builder("palate.score.stage")
        .description("Where a score request's time went")
        .tag("stage", stage)
        .register(meters);
  }

  void notFinite() {
    notFinite.increment();
  }

  /** A call answered from memory went through no stage, and says nothing of how long one takes. */
  void scored(int count, ScoreService.Scored scored) {
    responses.increment(count);
    if (traced) {
      trace(count, scored);
    }
    if (scored.cache() == CacheUse.HIT) {
      return;
    }
    queue.record(scored.timings().queue());
    tokenize.record(scored.timings().tokenize());
    inference.record(scored.timings().inference());
    weights.record(scored.weights());
    mix.record(scored.mix());
  }

  /** One request's numbers belong on its span, not among the tags of meters. */
  private void trace(int count, ScoreService.Scored scored) {
    Observation observation = observations.getCurrentObservation();
    if (observation == null) {
      return;
    }
    observation
        .highCardinalityKeyValue("palate.responses", Integer.toString(count))
        .highCardinalityKeyValue("palate.cache", scored.cache().name().toLowerCase(Locale.ROOT))
        .highCardinalityKeyValue("palate.queue.us", micros(scored.timings().queue()))
        .highCardinalityKeyValue("palate.tokenize.us", micros(scored.timings().tokenize()))
        .highCardinalityKeyValue("palate.inference.us", micros(scored.timings().inference()))
        .highCardinalityKeyValue("palate.weights.us", micros(scored.weights()))
        .highCardinalityKeyValue("palate.mix.us", micros(scored.mix()));
  }

  private static String micros(Duration duration) {
    return Long.toString(duration.toNanos() / 1_000);
  }

  /** Observes a request and tags it with its end: {@code ok}, or the problem's code. */
  <T> T timed(ScoreKind kind, Supplier<T> work) {
    Observation observation =
        Observation.createNotStarted(REQUEST, observations)
            .lowCardinalityKeyValue("kind", kind.word())
            .start();
    String outcome = word(ErrorCode.INTERNAL);
    try (Observation.Scope scope = observation.openScope()) {
      T result = work.get();
      outcome = OK;
      return result;
    } catch (ProblemException e) {
      outcome = word(e.code());
      throw e;
    } finally {
      observation.lowCardinalityKeyValue("outcome", outcome).stop();
    }
  }
}
