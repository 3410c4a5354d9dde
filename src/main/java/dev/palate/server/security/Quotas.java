package dev.palate.server.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.EstimationProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * What each caller may use in a minute, by token buckets that refill evenly. In memory: each
 * replica counts for itself, so n replicas grant up to n times the quota. Model tokens are known
 * only after the work, so they may go into debt, which the caller waits out.
 */
@Component
class Quotas {

  static final Duration WINDOW = Duration.ofMinutes(1);
  private static final long CALLERS = 100_000;

  private final SecuritySettings.Quota quota;
  private final TimeMeter time;
  private final Cache<String, Buckets> callers;

  @Autowired
  Quotas(SecuritySettings settings) {
    this(settings.quota(), TimeMeter.SYSTEM_NANOTIME);
  }

  Quotas(SecuritySettings.Quota quota, TimeMeter time) {
    this.quota = quota;
    this.time = time;
    this.callers = Caffeine.newBuilder().maximumSize(CALLERS).build();
  }

  /** Neither bucket: nothing is counted. */
  private record Buckets(@Nullable Bucket requests, @Nullable Bucket tokens) {}

  /**
   * One quota after a request.
   *
   * @param name {@code requests} or {@code tokens}
   * @param limit in a {@link #WINDOW}
   * @param left never negative
   * @param retryAfter how long until the request would be admitted; zero where it was
   */
  record Left(String name, long limit, long left, Duration retryAfter) {}

  boolean isLimited() {
    return quota.requestsPerMinute() > 0 || quota.tokensPerMinute() > 0;
  }

  /**
   * Counts one request, and says what is left of each quota; where a retryAfter is not zero, refuse
   * it.
   */
  List<Left> take(String caller) {
    Buckets buckets = buckets(caller);
    List<Left> left = new ArrayList<>();
    if (buckets.requests != null) {
      ConsumptionProbe probe = buckets.requests.tryConsumeAndReturnRemaining(1);
      left.add(
          new Left(
              "requests",
              quota.requestsPerMinute(),
              probe.getRemainingTokens(),
              probe.isConsumed()
                  ? Duration.ZERO
                  : Duration.ofNanos(probe.getNanosToWaitForRefill())));
    }
    if (buckets.tokens != null) {
      EstimationProbe probe = buckets.tokens.estimateAbilityToConsume(1);
      left.add(
          new Left(
              "tokens",
              quota.tokensPerMinute(),
              Math.max(0, probe.getRemainingTokens()),
              probe.canBeConsumed()
                  ? Duration.ZERO
                  : Duration.ofNanos(probe.getNanosToWaitForRefill())));
    }
    return left;
  }

  void spent(String caller, long tokens) {
    Bucket bucket = buckets(caller).tokens;
    if (bucket != null && tokens > 0) {
      bucket.consumeIgnoringRateLimits(tokens);
    }
  }

  private Buckets buckets(String caller) {
    return callers.get(
        caller,
        id -> new Buckets(bucket(quota.requestsPerMinute()), bucket(quota.tokensPerMinute())));
  }

  private @Nullable Bucket bucket(long perMinute) {
    return perMinute == 0
        ? null
        : Bucket.builder()
            .withCustomTimePrecision(time)
            .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, WINDOW))
            .build();
  }
}
