package org.distill4j.export;

import java.util.LinkedHashMap;
import java.util.Map;
import org.distill4j.tensor.HostTensor;

/**
 * A probe: an example that is drawn to find out where a form answers otherwise, beside those that a
 * model usually sees.
 *
 * @param kind what is special of it, for messages
 * @param inputs by name
 * @param outputs what the model answers, by name
 * @param shaken what it answers if each number that goes in is off by as much as floats round
 */
public record Probe(
    String kind,
    Map<String, HostTensor> inputs,
    Map<String, HostTensor> outputs,
    Map<String, HostTensor> shaken) {
  /** Keeps the order of names. */
  public Probe {
    inputs = new LinkedHashMap<>(inputs);
    outputs = new LinkedHashMap<>(outputs);
    shaken = new LinkedHashMap<>(shaken);
  }
}
