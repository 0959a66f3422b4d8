package org.distill4j.table;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.ArrayList;
import java.util.List;
import org.distill4j.settings.DigestedAs;

/**
 * What the columns of a file of numbers are called. It travels with a model, so that another file's
 * columns are found by their names.
 *
 * @param inputs in the order of the model's input; none where the file had no header: then they are
 *     found by their places
 * @param label what the truth's column is called; empty where the file had no header
 * @param place where the truth's column stood among these, counting from 1
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@DigestedAs("ColumnNames[inputs, label, place]")
public record ColumnNames(List<String> inputs, String label, int place) {
  /** Takes a copy. */
  public ColumnNames {
    inputs = inputs == null ? List.of() : List.copyOf(inputs);
    label = label == null ? "" : label;
  }

  /** The names with the truth's in its place, as the file had them; none where it had no header. */
  public List<String> inOrder() {
    List<String> all = new ArrayList<>(inputs);
    if (!inputs.isEmpty()) {
      all.add(Math.max(0, Math.min(place - 1, all.size())), label);
    }
    return all;
  }
}
