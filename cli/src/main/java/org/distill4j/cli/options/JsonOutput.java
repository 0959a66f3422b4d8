package org.distill4j.cli.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import org.distill4j.results.ResultsJson;

/**
 * What {@code --json} prints: one object on one line, names in snake case; a number that JSON
 * cannot hold, NaN or infinite, is null.
 */
public final class JsonOutput {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .registerModule(ResultsJson.finiteOrNull())
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  private JsonOutput() {}

  public static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
