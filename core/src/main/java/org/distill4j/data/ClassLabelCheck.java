package org.distill4j.data;

import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;

/** The check of class labels: each must be the number of a class. */
public final class ClassLabelCheck {
  private ClassLabelCheck() {}

  /**
   * Reads all labels once.
   *
   * @return the same data set
   * @throws InputFault at the first label outside {@code 0 .. classes - 1}
   */
  public static Dataset check(Dataset data) {
    if (data.task() != TaskType.SINGLE_LABEL) {
      return data;
    }
    int classes = data.classes().size();
    for (long i = 0; i < data.size(); i++) {
      int label = data.label(i);
      if (label < 0 || label >= classes) {
        throw new InputFault(
            "data '%s': example %s has label %s (expected: 0 to %s, as it has %s classes)"
                .formatted(data.name(), i, label, classes - 1, classes));
      }
    }
    return data;
  }
}
