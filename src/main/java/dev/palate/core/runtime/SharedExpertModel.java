package dev.palate.core.runtime;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.model.ForwardCounts;
import dev.palate.core.model.Passage;
import dev.palate.core.model.PassageModel;
import dev.palate.core.model.PassageReading;
import dev.palate.core.model.PassageScore;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.traits.SharedExperts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Adds the shared experts to a model of the routed ones (MODEL.md, "Experts, routed and shared").
 * The rewards of a response are those of the routed experts, then those of the shared ones, counted
 * from the response's whole text. The routing of a prompt is the router's, then the population's
 * weights of the shared experts.
 */
final class SharedExpertModel implements PassageModel {

  private final PassageModel routed;
  private final SharedExperts shared;

  /**
   * @param routed a model of the bundle whose scores have one value per routed expert
   */
  SharedExpertModel(PassageModel routed, SharedExperts shared) {
    this.routed = routed;
    this.shared = shared;
  }

  @Override
  public PassageReading read(List<Passage> passages, ScoreOptions options) {
    PassageReading reading = routed.read(passages, options);
    if (!(reading instanceof PassageReading.Read read)) {
      return reading;
    }
    List<PassageScore> scores = new ArrayList<>(passages.size());
    for (int i = 0; i < passages.size(); i++) {
      PassageScore score = read.scores().get(i);
      scores.add(score.finite() ? withShared(passages.get(i), score) : score);
    }
    return new PassageReading.Read(scores, read.timings());
  }

  private PassageScore withShared(Passage passage, PassageScore score) {
    float[] more =
        passage.kind() == Passage.Kind.PROMPT
            ? shared.population()
            : shared.rewards(passage.response());
    float[] values = Arrays.copyOf(score.values(), score.values().length + more.length);
    System.arraycopy(more, 0, values, score.values().length, more.length);
    return new PassageScore(values, score.tokens(), score.truncated());
  }

  @Override
  public Bundle bundle() {
    return routed.bundle();
  }

  @Override
  public Placement placement() {
    return routed.placement();
  }

  @Override
  public boolean isAlive() {
    return routed.isAlive();
  }

  @Override
  public ForwardCounts counts() {
    return routed.counts();
  }

  @Override
  public long waitingTokens() {
    return routed.waitingTokens();
  }

  @Override
  public void close() {
    routed.close();
  }
}
