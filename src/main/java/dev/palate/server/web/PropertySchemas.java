package dev.palate.server.web;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Says of the records that requests and answers are made of what Java knows and springdoc does not:
 * which properties of an answer are always there and which may be null; that a request may hold no
 * others, where its record does not ignore them.
 */
@Configuration(proxyBeanMethods = false)
class PropertySchemas implements ModelConverter {

  private static final String REFERENCE = "#/components/schemas/";
  private static final PropertyNamingStrategies.SnakeCaseStrategy NAMES =
      new PropertyNamingStrategies.SnakeCaseStrategy();

  /**
   * By schema. Static, since springdoc's converters are: another context's may be the one asked.
   */
  private static final Map<String, Class<?>> RECORDS = new ConcurrentHashMap<>();

  @Override
  public @Nullable Schema<?> resolve(
      AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
    Schema<?> schema = chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
    Class<?> raw = Json.mapper().constructType(type.getType()).getRawClass();
    if (schema != null && raw.isRecord()) {
      String name = schema.get$ref() == null ? schema.getName() : target(schema.get$ref());
      if (name != null) {
        RECORDS.put(name, raw);
      }
    }
    return schema;
  }

  /** Comes after those of {@link ApiDescription}, whose schemas it describes too. */
  @Bean
  OpenApiCustomizer properties() {
    return this::describe;
  }

  private void describe(OpenAPI api) {
    Map<String, Schema> schemas = api.getComponents().getSchemas();
    Set<String> asked = new HashSet<>();
    List<Schema<?>> bodies = new ArrayList<>();
    for (var path : api.getPaths().values()) {
      for (Operation operation : path.readOperations()) {
        if (operation.getRequestBody() != null) {
          operation
              .getRequestBody()
              .getContent()
              .values()
              .forEach(content -> bodies.add(content.getSchema()));
        }
      }
    }
    reached(bodies, schemas, asked);
    schemas.forEach((name, schema) -> {
      Class<?> raw = RECORDS.get(name);
      if (raw == null || schema.getProperties() == null) {
        return;
      }
      if (asked.contains(name)) {
        schema.setAdditionalProperties(ignoresOthers(raw) ? null : false);
      } else {
        describe(schema, raw);
      }
    });
  }

  private static boolean ignoresOthers(Class<?> raw) {
    JsonIgnoreProperties rule = raw.getAnnotation(JsonIgnoreProperties.class);
    return rule != null && rule.ignoreUnknown();
  }

  /** The names of all schemas that these ones refer to. */
  private static void reached(
      List<Schema<?>> from, Map<String, Schema> schemas, Set<String> names) {
    Deque<Schema<?>> open = new ArrayDeque<>(from);
    while (!open.isEmpty()) {
      Schema<?> schema = open.pop();
      if (schema.get$ref() != null) {
        String name = target(schema.get$ref());
        if (names.add(name) && schemas.get(name) != null) {
          open.push(schemas.get(name));
        }
      }
      if (schema.getItems() != null) {
        open.push(schema.getItems());
      }
      if (schema.getProperties() != null) {
        schema.getProperties().values().forEach(open::push);
      }
    }
  }

  /** A component is written always, null or not, unless it says otherwise. */
  private static void describe(Schema<?> schema, Class<?> raw) {
    Set<String> required = new TreeSet<>();
    for (RecordComponent component : raw.getRecordComponents()) {
      String name = NAMES.translate(component.getName());
      Schema<?> property = schema.getProperties().get(name);
      if (property == null || mayBeLeftOut(component, raw)) {
        continue;
      }
      required.add(name);
      if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        schema.getProperties().put(name, orNull(property));
      }
    }
    schema.setRequired(List.copyOf(required));
  }

  private static boolean mayBeLeftOut(RecordComponent component, Class<?> raw) {
    JsonInclude own = component.getAccessor().getAnnotation(JsonInclude.class);
    JsonInclude ofAll = raw.getAnnotation(JsonInclude.class);
    JsonInclude rule = own == null ? ofAll : own;
    boolean always = rule == null || rule.value() == JsonInclude.Include.ALWAYS;
    boolean emptiable = rule != null && rule.value() != JsonInclude.Include.NON_NULL;
    return !always
        && (emptiable || component.getAnnotatedType().isAnnotationPresent(Nullable.class));
  }

  private static Schema<?> orNull(Schema<?> property) {
    if (property.get$ref() == null) {
      property.addType("null");
      return property;
    }
    Schema<Object> nothing = new Schema<>();
    nothing.addType("null");
    return new Schema<>().oneOf(List.of(property, nothing));
  }

  private static String target(String reference) {
    return reference.substring(reference.startsWith(REFERENCE) ? REFERENCE.length() : 0);
  }
}
