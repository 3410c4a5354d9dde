package dev.palate.server.models;

import dev.palate.core.model.ForwardCounts;
import dev.palate.core.runtime.LiveModel;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToLongFunction;

/** What the live model's batcher does, as meters. */
final class ForwardMeters implements MeterBinder {
  private final LiveModel models;

  ForwardMeters(LiveModel models) {
    this.models = models;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("palate.forward.waiting.tokens", models, live -> live.current().waitingTokens())
        .description("Padded tokens that wait for the device")
        .register(registry);
    counter(registry, "batches", "Forward passes", ForwardCounts::batches);
    counter(registry, "tokens", "Tokens read, padding not counted", ForwardCounts::tokens);
    counter(
        registry, "padded.tokens", "Tokens computed, padding counted", ForwardCounts::paddedTokens);
    counter(registry, "refused", "Calls refused at a full queue", ForwardCounts::refused);
    counter(registry, "expired", "Calls not computed past their deadline", ForwardCounts::expired);
    counter(registry, "left", "Calls not computed, their caller had left", ForwardCounts::left);
    counter(registry, "poisoned", "Sequences that fail even alone", ForwardCounts::poisoned);
  }

  private void counter(
      MeterRegistry registry, String name, String description, ToLongFunction<ForwardCounts> of) {
    FunctionCounter.builder(
            "palate.forward." + name, models, live -> of.applyAsLong(live.current().counts()))
        .description(description)
        .register(registry);
  }
}
