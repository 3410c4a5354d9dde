package dev.palate.server.web;

import java.io.Serial;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * JSON has no NaN and no infinity. Read, {@code 1e400} would become one in silence; written, either
 * would make the answer unreadable, so it is a bug that must not pass for an answer.
 */
final class FiniteNumbers extends SimpleModule {

  @Serial private static final long serialVersionUID = 1L;

  FiniteNumbers() {
    super("finite-numbers");
    addDeserializer(Double.class, new Read(Double.class));
    addDeserializer(double.class, new Read(double.class));
    addSerializer(Double.class, new WriteDouble());
    addSerializer(double.class, new WriteDouble());
    addSerializer(Float.class, new WriteFloat());
    addSerializer(float.class, new WriteFloat());
  }

  private static final class Read extends StdDeserializer<Double> {

    Read(Class<?> type) {
      super(type);
    }

    @Override
    public Double deserialize(JsonParser parser, DeserializationContext context) {
      JsonToken token = parser.currentToken();
      if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
        double value = parser.getDoubleValue();
        if (Double.isFinite(value)) {
          return value;
        }
      }
      throw MismatchedInputException.from(parser, handledType(), "not a finite number");
    }
  }

  private static final class WriteDouble extends StdSerializer<Double> {

    WriteDouble() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator json, SerializationContext context) {
      requireFinite(Double.isFinite(value), json);
      json.writeNumber(value.doubleValue());
    }
  }

  private static final class WriteFloat extends StdSerializer<Float> {

    WriteFloat() {
      super(Float.class);
    }

    @Override
    public void serialize(Float value, JsonGenerator json, SerializationContext context) {
      requireFinite(Float.isFinite(value), json);
      json.writeNumber(value.floatValue());
    }
  }

  private static void requireFinite(boolean finite, JsonGenerator json) {
    if (!finite) {
      throw DatabindException.from(json, "A number of the answer is not finite");
    }
  }
}
