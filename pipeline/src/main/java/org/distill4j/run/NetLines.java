package org.distill4j.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.Recipe;
import org.distill4j.shapes.Cost;
import org.distill4j.step.TeacherFile;

/** What a plan tells of teacher and student, a line each, and how they compare. */
final class NetLines {
  private NetLines() {}

  /**
   * The lines.
   *
   * @throws org.distill4j.fault.InputFault if a preprocessing does not suit the data's channels
   */
  static List<String> of(Recipe recipe, Dataset train, Graph teacher, Graph student) {
    Cost teacherCost = Cost.of(teacher);
    Cost studentCost = Cost.of(student);
    List<String> lines = new ArrayList<>();
    lines.add(
        net(ModelNames.TEACHER, teacher, teacherCost)
            + takes(teacher, recipe.teacher().preprocessing(), recipe.teacher().file(), train));
    lines.add(
        net(ModelNames.STUDENT, student, studentCost)
            + takes(student, recipe.student().preprocessing(), recipe.student().file(), train));
    lines.add(ratio(teacherCost, studentCost));
    lines.addAll(TeacherFile.notes(recipe));
    return lines;
  }

  private static String net(String name, Graph graph, Cost cost) {
    return String.format(
        Locale.ROOT,
        "%s: %s to %s, %,d parameters, %,d multiply-adds an example",
        name,
        graph.onlyInput().shape(),
        graph.onlyOutput().shape(),
        cost.parameters(),
        cost.macs());
  }

  /** What a net does to raw values, and who says so. */
  private static String takes(
      Graph graph, Optional<Preprocessing> told, Optional<Path> file, Dataset train) {
    Optional<Preprocessing> own = Metadata.preprocessing(graph);
    Preprocessing taken = told.or(() -> own).orElseGet(train::preprocessing);
    String from =
        told.isPresent()
            ? "as the recipe says"
            : own.isPresent()
                ? "as its file says"
                : "as suits the data"
                    + (file.isPresent() ? ", for its file tells no preprocessing" : "");
    return ", takes %s, %s"
        .formatted(new Preprocessed(train, taken).preprocessing().formula(), from);
  }

  private static String ratio(Cost teacher, Cost student) {
    if (teacher.parameters() == 0) {
      return "the teacher's layers are not known, as its file is of another format";
    }
    return String.format(
        Locale.ROOT,
        "the student has 1/%.1f of the parameters and 1/%.1f of the multiply-adds",
        (double) teacher.parameters() / student.parameters(),
        (double) teacher.macs() / student.macs());
  }
}
