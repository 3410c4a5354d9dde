package dev.palate.core.model.remote;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.Head;
import dev.palate.core.bundle.HeadForward;
import dev.palate.core.model.ForwardCounts;
import dev.palate.core.model.Passage;
import dev.palate.core.model.PassageModel;
import dev.palate.core.model.PassageReading;
import dev.palate.core.model.PassageScore;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.ScoreTimings;
import dev.palate.core.model.remote.RemoteEncoder.Embedded;
import dev.palate.core.model.remote.RemoteEncoder.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bundle's head on an encoder that another program serves. The embeddings come over HTTP, router
 * and experts are computed here. Lengths are counted in characters, so that the tokens it speaks of
 * are estimates, four characters to one.
 */
public final class RemoteRewardModel implements PassageModel {
  private static final Logger log = LoggerFactory.getLogger(RemoteRewardModel.class);
  private static final Duration FULL_RETRY = Duration.ofSeconds(1);

  private final Bundle bundle;
  private final HeadForward head;
  private final RemoteEncoder encoder;
  private final int queueTokens;
  private final AtomicLong waiting = new AtomicLong();
  private volatile boolean closed;

  /**
   * @param queueTokens that may be on their way; a call is refused where it would be more
   */
  public RemoteRewardModel(Bundle bundle, Head head, RemoteEncoder encoder, int queueTokens) {
    this.bundle = bundle;
    this.head = new HeadForward(head);
    this.encoder = encoder;
    this.queueTokens = queueTokens;
  }

  /** Characters of a text that are sent at most. */
  static int room(EncoderSpec spec) {
    return spec.maxTokens() * RemoteText.CHARACTERS_OF_A_TOKEN;
  }

  @Override
  public Bundle bundle() {
    return bundle;
  }

  @Override
  public Placement placement() {
    return new Placement("remote", "as served", bundle.encoder().maxTokens());
  }

  /** An encoder that is away is no reason to start this process anew. */
  @Override
  public boolean isAlive() {
    return !closed;
  }

  @Override
  public PassageReading read(List<Passage> passages, ScoreOptions options) {
    int room = room(bundle.encoder());
    Map<RemoteText, Integer> rowOf = new LinkedHashMap<>();
    long tokens = 0;
    for (int i = 0; i < passages.size(); i++) {
      RemoteText text = RemoteText.of(passages.get(i));
      if (!options.truncate() && text.length() > room) {
        return new PassageReading.TooLong(i, text.tokens());
      }
      if (rowOf.putIfAbsent(text, rowOf.size()) == null) {
        tokens += Math.min(text.tokens(), bundle.encoder().maxTokens());
      }
    }
    if (!admit(tokens)) {
      encoder.counts().refused.increment();
      return new PassageReading.Refused(new ScoreResult.Overloaded(FULL_RETRY));
    }
    try {
      long start = System.nanoTime();
      Embedded embedded = encoder.embed(List.copyOf(rowOf.keySet()), room, options.deadline());
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      requireDimension(embedded.rows());
      ScoreTimings timings =
          new ScoreTimings(embedded.queue(), Duration.ZERO, took.minus(embedded.queue()));
      return scores(passages, rowOf, embedded.rows(), options, timings);
    } catch (RemoteEncoderException e) {
      return new PassageReading.Refused(refusal(e));
    } finally {
      waiting.addAndGet(-tokens);
    }
  }

  /** A call larger than the bound is taken when nothing else is on its way. */
  private boolean admit(long tokens) {
    long before = waiting.getAndUpdate(now -> fits(now, tokens) ? now + tokens : now);
    return fits(before, tokens);
  }

  private boolean fits(long now, long tokens) {
    return now == 0 || now + tokens <= queueTokens;
  }

  private void requireDimension(List<Row> rows) {
    for (Row row : rows) {
      if (row.finite() && row.row().length != bundle.encoder().dimension()) {
        throw new RemoteEncoderException(
            RemoteEncoderException.Cause.MISFIT,
            "it answers %d numbers a text, the bundle needs %d"
                .formatted(row.row().length, bundle.encoder().dimension()),
            RemoteEncoder.RETRY_AFTER);
      }
    }
  }

  private ScoreResult refusal(RemoteEncoderException e) {
    return switch (e.why()) {
      case DEADLINE -> {
        encoder.counts().expired.increment();
        yield new ScoreResult.DeadlineExceeded();
      }
      case UNAVAILABLE -> {
        log.warn("The remote encoder at {}: {}", encoder.settings().url(), e.getMessage());
        yield new ScoreResult.Unavailable(e.retryAfter());
      }
      case MISFIT, TEXTS_REFUSED -> {
        log.error(
            "The remote encoder at {} cannot be used: {}",
            encoder.settings().url(),
            e.getMessage());
        yield new ScoreResult.Unavailable(e.retryAfter());
      }
    };
  }

  private PassageReading scores(
      List<Passage> passages,
      Map<RemoteText, Integer> rowOf,
      List<Row> rows,
      ScoreOptions options,
      ScoreTimings timings) {
    List<PassageScore> scores = new ArrayList<>(passages.size());
    for (int i = 0; i < passages.size(); i++) {
      Passage passage = passages.get(i);
      RemoteText text = RemoteText.of(passage);
      Row row = rows.get(rowOf.getOrDefault(text, -1));
      boolean cut = row.cut() || text.length() > room(bundle.encoder());
      // one that the server found too long has more tokens than were guessed
      int tokens = row.cut() ? Math.max(text.tokens(), placement().maxTokens() + 1) : text.tokens();
      if (cut && !options.truncate()) {
        return new PassageReading.TooLong(i, tokens);
      }
      scores.add(new PassageScore(values(passage.kind(), row), tokens, cut));
    }
    return new PassageReading.Read(scores, timings);
  }

  private float[] values(Passage.Kind kind, Row row) {
    if (!row.finite()) {
      return new float[0];
    }
    return kind == Passage.Kind.PROMPT ? head.routing(row.row()) : head.rewards(row.row());
  }

  @Override
  public ForwardCounts counts() {
    return encoder.counts();
  }

  @Override
  public long waitingTokens() {
    return waiting.get();
  }

  @Override
  public void close() {
    closed = true;
    encoder.close();
  }
}
