package dev.palate.server.telemetry;

import io.micrometer.common.KeyValues;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SpanExporters;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.http.server.observation.ServerRequestObservationConvention;

/**
 * What metrics and traces tell of a request: its route, never its path, which may name a user; and
 * of an error its type, never its message, which may hold a row.
 */
@Configuration(proxyBeanMethods = false)
class RequestObservations {

  @Bean
  ServerRequestObservationConvention requestObservationConvention() {
    return new DefaultServerRequestObservationConvention() {
      @Override
      public KeyValues getHighCardinalityKeyValues(ServerRequestObservationContext context) {
        return KeyValues.empty();
      }
    };
  }

  @Bean
  @ConditionalOnProperty("palate.telemetry.otlp.enabled")
  SpanExporters spanExporters(ObjectProvider<SpanExporter> exporters) {
    return SpanExporters.of(exporters.orderedStream().map(ErrorTypes::new).toList());
  }
}
