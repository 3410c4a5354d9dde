package dev.palate.scoring;

import dev.palate.platform.ProblemException;
import dev.palate.reward.CacheUse;
import dev.palate.reward.ScoreTimings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** What is measured of scoring. No user and no text is ever a tag. */
@Component
final class ScoreMetrics {

  private final MeterRegistry meters;
  private final Counter notFinite;
  private final Counter responses;
  private final Map<Request, Timer> requests = new ConcurrentHashMap<>();
  private final Timer queue;
  private final Timer tokenize;
  private final Timer inference;

  /** What a request's timer is found by; the registry itself would sort and compare tags. */
  private record Request(String kind, String outcome) {}

  ScoreMetrics(MeterRegistry meters) {
    this.meters = meters;
    this.notFinite =
        Counter.builder("palate.score.not.finite")
            .description("Requests for which the model gave NaN or infinity")
            .register(meters);
    this.responses =
        Counter.builder("palate.score.responses").description("Responses scored").register(meters);
    this.queue = stage("queue");
    this.tokenize = stage("tokenize");
    this.inference = stage("inference");
  }

  private Timer stage(String stage) {
    return Timer.builder("palate.score.stage")
        .description("Where a score request's time went")
        .tag("stage", stage)
        .register(meters);
  }

  void notFinite() {
    notFinite.increment();
  }

  /** A call answered from memory went through no stage, and says nothing of how long one takes. */
  void scored(int count, ScoreTimings timings, CacheUse cache) {
    responses.increment(count);
    if (cache == CacheUse.HIT) {
      return;
    }
    queue.record(timings.queue());
    tokenize.record(timings.tokenize());
    inference.record(timings.inference());
  }

  /** Times a request and tags it with its end: {@code ok}, or the problem's code. */
  <T> T timed(String kind, Supplier<T> work) {
    Timer.Sample sample = Timer.start(meters);
    String outcome = "internal";
    try {
      T result = work.get();
      outcome = "ok";
      return result;
    } catch (ProblemException e) {
      outcome = e.code().name().toLowerCase(Locale.ROOT);
      throw e;
    } finally {
      sample.stop(requests(new Request(kind, outcome)));
    }
  }

  private Timer requests(Request request) {
    Timer known = requests.get(request);
    return known != null ? known : requests.computeIfAbsent(request, this::register);
  }

  private Timer register(Request request) {
    return Timer.builder("palate.score")
        .description("Score requests")
        .tag("kind", request.kind)
        .tag("outcome", request.outcome)
        .register(meters);
  }
}
