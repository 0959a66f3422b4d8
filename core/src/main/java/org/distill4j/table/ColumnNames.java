package org.distill4j.table;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.distill4j.settings.DigestedAs;

/**
 * What the columns of a file of numbers are called. It travels with a model, so that another file's
 * columns are found by their names.
 *
 * @param inputs in the order of the model's input; none where the file had no header: then they are
 *     found by their places
 * @param label the truth's column: its name, or its number counting from 1 where there are no names
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@DigestedAs("ColumnNames[inputs, label]")
public record ColumnNames(List<String> inputs, String label) {
  /** Takes a copy. */
  public ColumnNames {
    inputs = inputs == null ? List.of() : List.copyOf(inputs);
    label = label == null ? "" : label;
  }
}
