package dev.palate.core.model.cache;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.model.Passage;
import dev.palate.core.model.PassageModel;
import dev.palate.core.model.PassageReading;
import dev.palate.core.model.PassageScore;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.ScoreTimings;
import dev.palate.core.model.torch.TinyModels;
import dev.palate.core.runtime.RewardModels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A model without a network that counts how often it reads each text. A text's scores follow from
 * its hash, a character is a token. A test may stand in the way of a reading, or settle it.
 */
final class CountingModel implements PassageModel {

  static final int EXPERTS = 3;
  static final int LIMIT = 20;

  /** What happens to a reading; {@code itself} gives what it would have been. */
  interface Way {
    PassageReading read(List<Passage> passages, ScoreOptions options, CountingModel itself);
  }

  private final Bundle bundle;
  private final Map<String, AtomicInteger> reads = new ConcurrentHashMap<>();
  private final AtomicReference<Way> way =
      new AtomicReference<>((passages, options, model) -> model.itself(passages, options));

  CountingModel(EncoderSpec.ResponseInput responseInput) {
    this.bundle = withEncoder(RewardModels.defaultEncoder(responseInput));
  }

  private static Bundle withEncoder(EncoderSpec encoder) {
    Bundle tiny = TinyModels.bundle(EXPERTS, encoder);
    return new Bundle(
        tiny.name(),
        "0123abcd",
        encoder,
        null,
        1,
        0,
        2,
        tiny.prior(),
        tiny.meanRouting(),
        tiny.experts(),
        tiny.data(),
        tiny.metrics());
  }

  void way(Way way) {
    this.way.set(way);
  }

  /** How often the text was read, whatever for. */
  int reads(String text) {
    AtomicInteger count = reads.get(text);
    return count == null ? 0 : count.get();
  }

  @Override
  public PassageReading read(List<Passage> passages, ScoreOptions options) {
    return way.get().read(passages, options, this);
  }

  PassageReading itself(List<Passage> passages, ScoreOptions options) {
    List<PassageScore> scores = new ArrayList<>();
    for (Passage passage : passages) {
      int tokens = text(passage).length();
      if (tokens > LIMIT && !options.truncate()) {
        return new PassageReading.TooLong(scores.size(), tokens);
      }
      scores.add(new PassageScore(values(passage), tokens, tokens > LIMIT));
    }
    passages.forEach(passage ->
        reads.computeIfAbsent(text(passage), t -> new AtomicInteger()).incrementAndGet());
    return new PassageReading.Read(scores, ScoreTimings.NONE);
  }

  private static String text(Passage passage) {
    return passage.prompt() + passage.response();
  }

  /** A response that says NaN has no finite score. */
  private static float[] values(Passage passage) {
    if (passage.response().equals("NaN")) {
      return new float[0];
    }
    float[] values = new float[EXPERTS];
    for (int k = 0; k < EXPERTS; k++) {
      values[k] = (passage.hashCode() >>> (k * 8) & 0xff) + 1;
    }
    return values;
  }

  @Override
  public Bundle bundle() {
    return bundle;
  }

  @Override
  public Placement placement() {
    return new Placement("cpu", "fp32", LIMIT);
  }

  @Override
  public ScoreResult score(List<ScoreItem> items, ScoreOptions options) {
    throw new UnsupportedOperationException("the cache asks for passages");
  }

  @Override
  public boolean isAlive() {
    return true;
  }

  @Override
  public void close() {}
}
