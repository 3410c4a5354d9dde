package dev.palate.server.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;

/**
 * Sends spans on with the type of an error and without its words: PostgreSQL puts the values of a
 * row into its messages, {@code Key (id)=(alice) already exists}, and a stack trace repeats them.
 */
record ErrorTypes(SpanExporter exporter) implements SpanExporter {

  private static final AttributeKey<String> TYPE = AttributeKey.stringKey("exception.type");

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    return exporter.export(spans.stream().<SpanData>map(TypesOnly::new).toList());
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }

  private static final class TypesOnly extends DelegatingSpanData {
    private final StatusData status;
    private final List<EventData> events;

    TypesOnly(SpanData span) {
      super(span);
      this.status = StatusData.create(span.getStatus().getStatusCode(), "");
      this.events = span.getEvents().stream().map(TypesOnly::typeOnly).toList();
    }

    private static EventData typeOnly(EventData event) {
      String type = event.getAttributes().get(TYPE);
      return type == null
          ? event
          : EventData.create(event.getEpochNanos(), event.getName(), Attributes.of(TYPE, type));
    }

    @Override
    public StatusData getStatus() {
      return status;
    }

    @Override
    public List<EventData> getEvents() {
      return events;
    }
  }
}
