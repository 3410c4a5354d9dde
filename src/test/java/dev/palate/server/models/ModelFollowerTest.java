package dev.palate.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.server.adaptation.ServiceTest;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class ModelFollowerTest extends ServiceTest {

  /** A scrape that came between two gauges of one version was answered 500. */
  @Test
  void theGaugeOfTheServingVersionStaysWhileItServes(
      @Autowired ModelFollower follower, @Autowired MeterRegistry meters) {
    follower.look();
    Gauge gauge = meters.get("palate.model.serving").gauge();
    follower.look();
    assertThat(meters.get("palate.model.serving").gauge()).isSameAs(gauge);
    assertThat(gauge.value()).isEqualTo(1);
  }
}
