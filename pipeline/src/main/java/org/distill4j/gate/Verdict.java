package org.distill4j.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.distill4j.fault.RunFault;
import org.distill4j.results.Gate;
import org.distill4j.storage.AtomicFile;

/**
 * What validation tells of one way that was tried, kept as {@code verdict.json}: times that were
 * measured decide once, so that a run that is cut off and goes on decides alike.
 *
 * @param score of the model that ships: its accuracy, or its mean absolute error below 0
 * @param rules one or two for each limit
 */
public record Verdict(double score, List<Gate.Rule> rules) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  public Verdict {
    rules = List.copyOf(rules);
  }

  public boolean passed() {
    return broken() == 0;
  }

  public int broken() {
    return (int) rules.stream().filter(r -> !r.passed()).count();
  }

  public static Verdict read(Path file) {
    try {
      return JSON.readValue(file.toFile(), Verdict.class);
    } catch (IOException e) {
      throw new RunFault(
          file + ": cannot be read: " + AtomicFile.reason(e) + "; delete its folder", e);
    }
  }

  public void write(Path file) {
    try {
      AtomicFile.write(file, "verdict", JSON.writeValueAsString(this));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
