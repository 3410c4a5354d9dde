package dev.palate.core.model.remote;

import dev.palate.core.model.ForwardCounts;
import dev.palate.core.model.remote.RemoteEncoderException.Cause;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests to a server of {@code POST /v1/embeddings}, each until it is answered.
 *
 * <p><b>Turns.</b> At most {@code max-concurrency} requests are under way at a time, of all calls
 * together; the others wait here.
 *
 * <p><b>Once more.</b> A request that met 429, 502, 503 or 504 or a broken connection is sent
 * again, after a pause drawn from 0 to twice as much as the time before, and not before the
 * server's {@code Retry-After}; one of more than five seconds is the caller's to wait for. One that
 * was answered too late is not: the server is still at it. No pause and no request goes beyond the
 * call's end, which is the caller's deadline, or else the time that all tries may take.
 */
final class EmbeddingRequests implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final int ANSWER_BYTES_OF_A_TEXT = 1 << 20;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final RemoteEncoderSettings settings;
  private final String model;
  private final RemoteMeters meters;
  private final ForwardCounts counts;
  private final RandomGenerator random;
  private final Clock clock;
  private final HttpClient client;
  private final Semaphore turns;

  /**
   * @param model its name on the server
   * @param counts told of what was answered
   */
  EmbeddingRequests(
      RemoteEncoderSettings settings,
      String model,
      RemoteMeters meters,
      ForwardCounts counts,
      RandomGenerator random,
      Clock clock) {
    this.settings = settings;
    this.model = model;
    this.meters = meters;
    this.counts = counts;
    this.random = random;
    this.clock = clock;
    this.turns = new Semaphore(settings.maxConcurrency(), true);
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER) // the key is for this server alone
            .build();
  }

  /**
   * A call under way, by {@link System#nanoTime}.
   *
   * @param callers whether its end is the caller's own deadline
   * @param queue until the first request is sent, null
   */
  record Course(long start, long end, boolean callers, AtomicReference<@Nullable Duration> queue) {
    Duration left() {
      return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    void sends() {
      queue.compareAndSet(null, Duration.ofNanos(System.nanoTime() - start));
    }

    Duration queued() {
      return Objects.requireNonNullElse(queue.get(), Duration.ZERO);
    }
  }

  /**
   * A call that begins now.
   *
   * @param deadline null: none of the caller's own
   */
  Course course(@Nullable Instant deadline) {
    long now = System.nanoTime();
    Duration tries = settings.timeout().multipliedBy(settings.retries() + 1L);
    Duration left = deadline == null ? tries : Duration.between(clock.instant(), deadline);
    boolean callers = left.compareTo(tries) < 0;
    return new Course(
        now, now + (callers ? left : tries).toNanos(), callers, new AtomicReference<>());
  }

  /**
   * @return {@code float[texts][d]}, in the order of the texts
   * @throws RemoteEncoderException where that cannot be had
   */
  float[][] rows(List<String> texts, Course course) throws InterruptedException {
    byte[] body =
        JSON.writeValueAsBytes(Map.of("model", model, "input", texts, "encoding_format", "float"));
    for (int tries = 0; ; tries++) {
      Tried tried = attempt(body, texts.size(), course);
      switch (tried) {
        case Tried.Answered(EmbeddingsAnswer answer) -> {
          counts.batches.increment();
          counts.tokens.add(answer.tokens());
          counts.paddedTokens.add(answer.tokens());
          return answer.rows();
        }
        case Tried.Busy(String how, Duration retryAfter) -> {
          Duration pause = pause(tries, retryAfter);
          boolean tooLong =
              pause.compareTo(LONGEST_PAUSE) > 0 || pause.compareTo(course.left()) >= 0;
          if (tries == settings.retries() || tooLong) {
            throw unavailable(
                how + (tries == 0 ? "" : ", %d times".formatted(tries + 1)), retryAfter, course);
          }
          meters.retried();
          Thread.sleep(pause);
        }
      }
    }
  }

  /** Full jitter, so that callers who failed together do not come back together. */
  private Duration pause(int tries, Duration retryAfter) {
    long bound = Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << tries);
    Duration drawn = Duration.ofNanos(random.nextLong(bound));
    return drawn.compareTo(retryAfter) < 0 ? retryAfter : drawn;
  }

  /** Where a pause did not fit before the caller's deadline, the server is still to blame. */
  private static RemoteEncoderException unavailable(
      String how, Duration retryAfter, Course course) {
    return course.callers() && course.left().isZero()
        ? deadline()
        : new RemoteEncoderException(
            Cause.UNAVAILABLE, how, retryAfter.isZero() ? RemoteEncoder.RETRY_AFTER : retryAfter);
  }

  private static RemoteEncoderException deadline() {
    return new RemoteEncoderException(
        Cause.DEADLINE, "the deadline passed", RemoteEncoder.RETRY_AFTER);
  }

  /** What came of sending a request once; what ends the call is thrown. */
  private sealed interface Tried {
    record Answered(EmbeddingsAnswer answer) implements Tried {}

    record Busy(String how, Duration retryAfter) implements Tried {}
  }

  private Tried attempt(byte[] body, int texts, Course course) throws InterruptedException {
    if (!turns.tryAcquire(course.left().toNanos(), TimeUnit.NANOSECONDS)) {
      throw unavailable(
          "%d requests are under way and none ended in time".formatted(settings.maxConcurrency()),
          Duration.ZERO,
          course);
    }
    course.sends();
    long start = System.nanoTime();
    Duration left = course.left();
    Duration limit = left.compareTo(settings.timeout()) < 0 ? left : settings.timeout();
    String outcome = "misfit";
    try {
      HttpResponse<byte[]> response = send(body, texts, limit);
      Tried tried = judge(response, texts);
      outcome = tried instanceof Tried.Answered ? "ok" : "busy";
      return tried;
    } catch (TimeoutException e) {
      outcome = "timeout";
      throw unavailable(
          "it did not answer %d texts in time (%d ms)".formatted(texts, limit.toMillis()),
          Duration.ZERO,
          course);
    } catch (IOException e) {
      outcome = "unreachable";
      return new Tried.Busy(
          "it cannot be reached (" + e.getClass().getSimpleName() + ")", Duration.ZERO);
    } catch (RemoteEncoderException e) {
      outcome = e.why() == Cause.TEXTS_REFUSED ? "refused" : outcome;
      throw e;
    } finally {
      turns.release();
      meters.request(outcome, Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private HttpResponse<byte[]> send(byte[] body, int texts, Duration limit)
      throws IOException, InterruptedException, TimeoutException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(settings.endpoint())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofByteArray(body));
    if (settings.apiKey() != null) {
      request.header("Authorization", "Bearer " + settings.apiKey());
    }
    // The client's own timeout ends with the answer's headers; this one with its last byte
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(
            request.build(),
            BodyHandlers.limiting(
                BodyHandlers.ofByteArray(), (long) ANSWER_BYTES_OF_A_TEXT * (texts + 1)));
    try {
      return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private Tried judge(HttpResponse<byte[]> response, int texts) {
    int status = response.statusCode();
    return switch (status) {
      case 200 -> new Tried.Answered(EmbeddingsAnswer.read(response.body(), texts));
      case 429, 502, 503, 504 -> new Tried.Busy("it answers " + status, retryAfter(response));
      case 400, 413, 422 ->
          throw new RemoteEncoderException(
              Cause.TEXTS_REFUSED,
              "it refuses the texts (%d)".formatted(status),
              RemoteEncoder.RETRY_AFTER);
      case 401, 403 ->
          throw misfit(
              "it refuses the key (%d). Set palate.model.remote-encoder.api-key or PALATE_ENCODER_API_KEY"
                  .formatted(status));
      case 404 ->
          throw misfit(
              "it knows no model '%s' or no /v1/embeddings (404). Serve the model under this name, or correct the"
                      .formatted(model)
                  + " URL");
      default -> throw misfit("it answers " + status);
    };
  }

  private static RemoteEncoderException misfit(String what) {
    return new RemoteEncoderException(Cause.MISFIT, what, RemoteEncoder.RETRY_AFTER);
  }

  /** Seconds or a date; zero where there is none, or nothing that can be read. */
  private Duration retryAfter(HttpResponse<?> response) {
    String header = response.headers().firstValue("Retry-After").orElse("").strip();
    if (header.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(header));
    }
    try {
      Instant date = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(clock.instant(), date);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
