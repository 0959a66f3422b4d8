package org.distill4j.run;

import java.nio.FloatBuffer;
import org.distill4j.data.Dataset;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;

/** The check of training examples: whether there is anything to tell apart. */
final class DataCheck {
  private DataCheck() {}

  /**
   * Refuses examples that all have one answer.
   *
   * @throws InputFault if there is one class only, or one number
   */
  static void require(Dataset train) {
    if (train.task() == TaskType.SINGLE_LABEL) {
      int first = train.label(0);
      for (long i = 1; i < train.size(); i++) {
        if (train.label(i) != first) {
          return;
        }
      }
      throw new InputFault(
          "data '%s': %s of class '%s' (expected: at least two classes to tell apart)"
              .formatted(train.name(), all(train), train.classes().get(first)));
    } else if (isOneAnswer(train)) {
      throw new InputFault(
          "data '%s': %s the same %s (expected: some that differ)"
              .formatted(
                  train.name(),
                  train.size() == 1
                      ? "one training example, with"
                      : all(train).replace(" are", " have"),
                  train.task() == TaskType.REGRESSION ? "numbers to tell" : "labels"));
    }
  }

  private static String all(Dataset train) {
    return train.size() == 1
        ? "one training example, which is"
        : "all %s training examples are".formatted(train.size());
  }

  private static boolean isOneAnswer(Dataset train) {
    FloatBuffer first = FloatBuffer.allocate(train.classes().size());
    FloatBuffer other = FloatBuffer.allocate(train.classes().size());
    train.targets(0, first);
    first.flip();
    for (long i = 1; i < train.size(); i++) {
      train.targets(i, other.clear());
      if (!other.flip().equals(first)) {
        return false;
      }
    }
    return true;
  }
}
