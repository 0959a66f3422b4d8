package org.distill4j.results;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;

/** Records as JSON; a number that JSON cannot hold, NaN or infinite, is null. */
public final class ResultsJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .registerModule(finiteOrNull())
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private ResultsJson() {}

  /** Writes a number that JSON cannot hold as null, for other mappers. */
  public static Module finiteOrNull() {
    return new SimpleModule()
        .addSerializer(Double.class, new FiniteOrNull())
        .addSerializer(double.class, new FiniteOrNull());
  }

  /** Indented, keys in the order of the records' components. */
  static String indented(Object value) {
    try {
      return MAPPER.writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * On one line, safe between script tags: what could end the element or begin another is written
   * as an escape that JSON reads as the same character.
   */
  public static String inScript(Object value) {
    try {
      return MAPPER
          .writer()
          .without(SerializationFeature.INDENT_OUTPUT)
          .writeValueAsString(value)
          .replace("<", "\\u003c")
          .replace(">", "\\u003e")
          .replace("&", "\\u0026")
          .replace("\u2028", "\\u2028")
          .replace("\u2029", "\\u2029");
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static <T> T read(String text, Class<T> type) throws JsonProcessingException {
    return MAPPER.readValue(text, type);
  }

  /** Where and what, in one line: {@code models[0].metrics.errors: is missing}. */
  static String fault(JsonProcessingException e) {
    if (e instanceof JsonEOFException || e.getCause() instanceof JsonEOFException) {
      return ": is cut off (expected: a whole JSON object)";
    }
    StringBuilder path = new StringBuilder();
    if (e instanceof JsonMappingException mapping) {
      for (JsonMappingException.Reference step : mapping.getPath()) {
        path.append(
            step.getFieldName() == null
                ? "[" + step.getIndex() + "]"
                : (path.length() == 0 ? " " : ".") + step.getFieldName());
      }
    }
    Throwable own = e.getCause() instanceof IllegalArgumentException i ? i : null;
    String reason = own == null ? e.getOriginalMessage() : own.getMessage();
    if (reason.startsWith("Cannot map `null`")) {
      reason = "is missing (expected: a number)";
    }
    return path + ": " + reason.lines().findFirst().orElse("is not JSON");
  }

  private static final class FiniteOrNull extends StdSerializer<Double> {
    FiniteOrNull() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        out.writeNumber(value);
      } else {
        out.writeNull();
      }
    }
  }
}
