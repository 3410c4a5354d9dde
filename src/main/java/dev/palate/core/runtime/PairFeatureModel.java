package dev.palate.core.runtime;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.model.ForwardCounts;
import dev.palate.core.model.Passage;
import dev.palate.core.model.PassageModel;
import dev.palate.core.model.PassageReading;
import dev.palate.core.model.PassageScore;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.traits.PairFeatures;
import dev.palate.core.traits.PairTraits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds to the routed experts' rewards what they read of prompt and response together: how their
 * tokens match, which the model below says behind the rewards, and what is counted from the texts.
 */
final class PairFeatureModel implements PassageModel {

  private final PassageModel routed;
  private final PairFeatures pair;
  private final PairTraits traits;
  private final int[] indices;
  private final int experts;

  /**
   * @param routed a model of the bundle whose values of a response are a reward for each routed
   *     expert, then the numbers of {@code InteractionFeatures} for the encoder's layers
   */
  PairFeatureModel(PassageModel routed, PairFeatures pair) {
    this.routed = routed;
    this.pair = pair;
    this.traits = pair.traits();
    this.indices = pair.indices(routed.bundle().encoder().interactionLayers());
    this.experts = routed.bundle().routedCount();
  }

  @Override
  public PassageReading read(List<Passage> passages, ScoreOptions options) {
    PassageReading reading = routed.read(passages, options);
    if (!(reading instanceof PassageReading.Read read)) {
      return reading;
    }
    List<PassageScore> scores = new ArrayList<>(passages.size());
    Map<String, PairTraits.Request> requests = new HashMap<>();
    for (int i = 0; i < passages.size(); i++) {
      Passage passage = passages.get(i);
      PassageScore score = read.scores().get(i);
      if (passage.kind() == Passage.Kind.PROMPT || !score.finite()) {
        scores.add(score);
      } else {
        PairTraits.Request request =
            requests.computeIfAbsent(passage.prompt(), PairTraits::request);
        scores.add(withFeatures(request, passage.response(), score));
      }
    }
    return new PassageReading.Read(scores, read.timings());
  }

  private PassageScore withFeatures(
      PairTraits.Request request, String response, PassageScore score) {
    float[] values = score.values();
    float[] interaction = Arrays.copyOfRange(values, experts, values.length);
    float[] more = pair.rewards(PairFeatures.all(interaction, traits, request, response), indices);
    float[] rewards = Arrays.copyOf(values, experts);
    for (int k = 0; k < experts; k++) {
      rewards[k] += more[k];
    }
    return new PassageScore(rewards, score.tokens(), score.truncated());
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
