package org.distill4j.progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Keeps what a long step tells. */
public class Notes implements ProgressListener {
  private final List<String> steps = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();

  /** The steps that were begun, by name. */
  public List<String> steps() {
    return List.copyOf(steps);
  }

  /** What was said. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void begin(String step, long total, String unit) {
    steps.add(step);
  }

  @Override
  public void advance(long done, Map<String, Double> measures) {}

  @Override
  public void end(String summary) {}

  @Override
  public void note(String line) {
    lines.add(line);
  }
}
