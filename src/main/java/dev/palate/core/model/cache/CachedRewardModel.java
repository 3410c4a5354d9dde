package dev.palate.core.model.cache;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.model.CacheUse;
import dev.palate.core.model.ForwardCounts;
import dev.palate.core.model.Passage;
import dev.palate.core.model.PassageModel;
import dev.palate.core.model.PassageReading;
import dev.palate.core.model.PassageScore;
import dev.palate.core.model.PassageScores;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.ScoreTimings;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A model that is asked once for what it has said before. A call whose texts are all remembered
 * costs neither tokenizer nor device, and is answered even where the device is full.
 */
public final class CachedRewardModel implements RewardModel {
  private final PassageModel model;
  private final ScoreCache cache;
  private final SharedReading reading;
  private final byte[] identity;

  public CachedRewardModel(PassageModel model, ScoreCache cache, Clock clock) {
    this.model = model;
    this.cache = cache;
    this.reading = new SharedReading(model, cache, clock);
    this.identity = TextKeys.model(model);
  }

  @Override
  public Bundle bundle() {
    return model.bundle();
  }

  @Override
  public Placement placement() {
    return model.placement();
  }

  @Override
  public boolean isAlive() {
    return model.isAlive();
  }

  @Override
  public ForwardCounts counts() {
    return model.counts();
  }

  @Override
  public long waitingTokens() {
    return model.waitingTokens();
  }

  @Override
  public ScoreResult score(List<ScoreItem> items, ScoreOptions options) {
    if (items.isEmpty()) {
      throw new IllegalArgumentException("'items' must not be empty");
    }
    List<Passage> passages = Passage.of(items, bundle());
    TextKeys keys = new TextKeys(identity);
    List<TextKey> keyOf = new ArrayList<>(passages.size());
    List<@Nullable PassageScore> found = new ArrayList<>(passages.size());
    SequencedMap<TextKey, Passage> missing = new LinkedHashMap<>();
    int hits = 0;
    for (Passage passage : passages) {
      TextKey key = keys.of(passage);
      PassageScore score = cache.find(key);
      if (score == null) {
        missing.put(key, passage);
      } else {
        hits++;
      }
      keyOf.add(key);
      found.add(score);
    }
    PassageScores scores = 
        new PassageScores(items, bundle().encoder().maxPromptTokens(), placement().maxTokens());
    ScoreResult tooLong = options.truncate() ? null : scores.tooLong(found);
    if (tooLong != null) {
      return tooLong;
    }
    cache.counted(hits, 0, 0);
    if (missing.isEmpty()) {
      return scores.assemble(whole(found), options, ScoreTimings.NONE, CacheUse.HIT);
    }
    return switch (reading.read(missing, options)) {
      case PassageReading.Read read -> {
        Map<TextKey, PassageScore> scoreOf = HashMap.newHashMap(missing.size());
        Iterator<PassageScore> next = read.scores().iterator();
        missing.keySet().forEach(key -> scoreOf.put(key, next.next()));
        for (int i = 0; i < found.size(); i++) {
          if (found.get(i) == null) {
            found.set(i, scoreOf.get(keyOf.get(i)));
          }
        }
        CacheUse use = hits == 0 ? CacheUse.MISS : CacheUse.PARTIAL;
        yield scores.assemble(whole(found), options, read.timings(), use);
      }
      case PassageReading.TooLong(int passage, int tokens) ->
          scores.tooLong(keyOf.indexOf(List.copyOf(missing.keySet()).get(passage)), tokens);
      case PassageReading.Refused(ScoreResult why) -> why;
    };
  }

  private static List<PassageScore> whole(List<@Nullable PassageScore> scores) {
    List<PassageScore> whole = new ArrayList<>(scores.size());
    scores.forEach(score -> whole.add(Objects.requireNonNull(score)));
    return whole;
  }

  @Override
  public void close() {
    model.close();
  }
}
