package org.distill4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.distill4j.data.LabelledSubset;
import org.distill4j.data.Splits;
import org.distill4j.distill.Objective;
import org.distill4j.distill.Teacher;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.eval.Evaluation;
import org.distill4j.graph.Graph;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.softlabels.SoftLabels;
import org.distill4j.zoo.Mlp;

/** The quickstart's story in Java, on a data set of one's own; the README shows its body. */
public final class DistilYourOwnData {
  private DistilYourOwnData() {}

  /**
   * Writes {@code labels.safetensors} and {@code student.onnx} into the folder that is given, else
   * here.
   */
  public static void main(String[] arguments) {
    run(Path.of(arguments.length == 0 ? "" : arguments[0]), System.out);
  }

  static void run(Path folder, PrintStream out) {
    // README begins
    // Any Dataset of yours: it tells shape, classes and size, reads an example, tells its label.
    Splits data = Splits.of(new Spirals(12_000), 0.1, 0.2, 1);
    LabelledSubset few = LabelledSubset.of(60, data.train().size(), 1); // a student may see 60

    Graph big = new Mlp(List.of(128, 128), 0).build(data.shape(), 3, 1);
    Graph teacher = Trainer.of(big, data).settings(TrainSettings.epochs(40)).train().model();
    SoftLabels labels = Teacher.of(teacher).label(data, folder.resolve("labels.safetensors"));

    Graph small = new Mlp(List.of(32, 32), 0).build(data.shape(), 3, 2);
    Trainer lesson = Trainer.of(small, data).settings(TrainSettings.epochs(40)).labelled(few);
    Graph student = lesson.distil(new Objective(0.1, 0.9, 2), labels).train().model();
    OnnxWriter.write(student, folder.resolve("student.onnx"));

    out.println(Evaluation.of(student, data.test()).accuracy());
    // README ends
  }
}
