package dev.palate.server.telemetry;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Leaves tracing out of a service that sends none ({@code palate.telemetry.otlp.enabled}): Boot
 * would wire it all the same, and hold a span that goes nowhere to every request.
 */
final class TelemetrySwitch implements AutoConfigurationImportFilter, EnvironmentAware {

  private boolean enabled;

  @Override
  public void setEnvironment(Environment environment) {
    enabled = environment.getProperty("palate.telemetry.otlp.enabled", Boolean.class, false);
  }

  @Override
  public boolean[] match(
      @Nullable String[] configurations, AutoConfigurationMetadata autoConfigurationMetadata) {
    boolean[] kept = new boolean[configurations.length];
    for (int i = 0; i < kept.length; i++) {
      String name = configurations[i];
      kept[i] = enabled || name == null || !isTracing(name);
    }
    return kept;
  }

  private static boolean isTracing(String configuration) {
    return configuration.startsWith("org.springframework.boot.micrometer.tracing.")
        || configuration.startsWith("org.springframework.boot.opentelemetry.");
  }
}
