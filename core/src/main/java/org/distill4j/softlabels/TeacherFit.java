package org.distill4j.softlabels;

import org.distill4j.data.Dataset;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Value;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.Shape;

/** Whether a teacher takes the examples and gives a logit for each class. */
final class TeacherFit {
  private TeacherFit() {}

  /** Refuses a teacher of other examples or other classes. */
  static void require(Predictor teacher, Dataset data) {
    Shape result = teacher.resultShape(); // one input, one output, of numbers
    Value input = teacher.inputs().get(0);
    Shape example = input.shape().dropFirst();
    if (!example.equals(data.shape())) {
      throw new InputFault(
          "teacher input '%s': %s (expected: %s, as data '%s' has)"
              .formatted(input.name(), example, data.shape(), data.name()));
    }
    int classes = data.classes().size();
    if (result.elements() != classes) {
      throw new InputFault(
          "teacher output '%s': %s classes (expected: %s, as data '%s' has)"
              .formatted(teacher.outputs().get(0).name(), result.elements(), classes, data.name()));
    }
  }
}
