package org.distill4j.data;

import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.TaskType;
import org.distill4j.table.Table;

/** The check whether a model and data fit each other, as far as the model says. */
public final class ModelDataCheck {
  private ModelDataCheck() {}

  /**
   * Refuses a model that answers another question, or makes other numbers of a table's rows.
   *
   * @param name what messages call the model
   */
  public static void require(String name, Graph model, Dataset data) {
    TaskType task = Metadata.task(model).orElse(data.task());
    if (task != data.task()) {
      throw new InputFault(
          "%s: answers %s (expected: %s, as data '%s' ask)"
              .formatted(name, task.spelling(), data.task().spelling(), data.name()));
    }
    Optional<Table> table = Metadata.table(model);
    if (table.isPresent() && data.table().isPresent() && !table.equals(data.table())) {
      throw new InputFault(
          "%s: has a table that was fitted on other examples than data '%s' (expected: the same scaling and vocabulary); read the data for this model"
              .formatted(name, data.name()));
    }
  }
}
