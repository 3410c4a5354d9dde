package dev.palate.server.score;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.ExpertCard;
import dev.palate.core.model.PromptScores;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * How the prompts that are scored are routed, beside how the training prompts were: where the two
 * come apart, the service is asked things that the model was not made for.
 *
 * <p>The live model's meters alone: an expert of another version is another expert.
 */
@Component
final class RoutingMeters {

  private final MeterRegistry registry;
  private volatile @Nullable Experts live;

  RoutingMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  private record Experts(String version, DoubleAdder[] shares, List<Meter> meters) {}

  /** Adds the routing weights, before any user's shift, of each prompt. */
  void scored(Bundle bundle, List<PromptScores> prompts) {
    Experts experts = live;
    if (experts == null || !experts.version.equals(bundle.version())) {
      experts = change(bundle);
    }
    for (PromptScores prompt : prompts) {
      float[] routing = prompt.routing();
      for (int k = 0; k < routing.length; k++) {
        if (routing[k] > 0) {
          experts.shares[k].add(routing[k]);
        }
      }
    }
  }

  private synchronized Experts change(Bundle bundle) {
    Experts experts = live;
    if (experts != null && experts.version.equals(bundle.version())) {
      return experts;
    }
    if (experts != null) {
      experts.meters.forEach(registry::remove);
    }
    List<ExpertCard> cards = bundle.experts();
    DoubleAdder[] shares = new DoubleAdder[cards.size()];
    List<Meter> meters = new ArrayList<>();
    for (int k = 0; k < shares.length; k++) {
      DoubleAdder share = new DoubleAdder();
      shares[k] = share;
      String expert = Integer.toString(k);
      meters.add(
          FunctionCounter.builder("palate.routing", share, DoubleAdder::sum)
              .description("Routing weight of the prompts scored")
              .tag("expert", expert)
              .register(registry));
      meters.add(
          Gauge.builder("palate.routing.trained", cards.get(k), ExpertCard::usage)
              .description("Mean routing weight of the training prompts")
              .tag("expert", expert)
              .strongReference(true)
              .register(registry));
    }
    Experts changed = new Experts(bundle.version(), shares, meters);
    live = changed;
    return changed;
  }
}
