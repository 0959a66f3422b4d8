package org.distill4j.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.distill4j.alert.Alert;
import org.distill4j.fault.RunFault;
import org.distill4j.results.Results;
import org.distill4j.step.RunEnvironment;

/** The alert of a gate that is not passed, sent to whom the recipe names. */
public final class GateAlert {
  private static final ObjectMapper JSON = new ObjectMapper();

  private GateAlert() {}

  /** Sends it; that it cannot be sent is told, and changes nothing. */
  public static void send(RunEnvironment run, Alert alert, Results results) {
    String line;
    try {
      line = alert.send(json(run, results), run.folder().file(".").normalize());
    } catch (RunFault e) {
      line = e.getMessage();
    }
    run.says(line);
  }

  /** What is sent; keys may be added, never renamed. */
  static String json(RunEnvironment run, Results results) {
    Map<String, Object> news = new LinkedHashMap<>();
    news.put("format", 1);
    news.put("event", "gate-not-passed");
    news.put("recipe", results.recipe());
    news.put("run", run.folder().file(".").toAbsolutePath().normalize().toString());
    news.put("data", results.data().name());
    news.put("n", results.data().test());
    news.put("best", results.gate().best());
    news.put("rules", results.gate().broken());
    try {
      return JSON.writeValueAsString(news);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
