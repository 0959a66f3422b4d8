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
import org.distill4j.recipe.TeacherSettings;
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
    lines.add(net(ModelNames.TEACHER, teacher, teacherCost) + taught(recipe, teacher, train));
    lines.add(
        net(ModelNames.STUDENT, student, studentCost)
            + takes(
                recipe.student().preprocessing(),
                Metadata.preprocessing(student),
                recipe.student().file(),
                train));
    lines.add(ratio(teacherCost, studentCost));
    lines.addAll(TeacherFile.notes(recipe));
    return lines;
  }

  private static String net(String name, Graph graph, Cost cost) {
    return String.format(
        Locale.ROOT,
        "%s: %s to %s, %s",
        name,
        graph.onlyInput().shape(),
        graph.onlyOutput().shape(),
        cost.parameters() == 0
            ? "its layers are not known"
            : String.format(
                Locale.ROOT,
                "%,d parameters, %,d multiply-adds an example",
                cost.parameters(),
                cost.macs()));
  }

  /** What a teacher does to raw values; the graph of a file's says it always, its file need not. */
  private static String taught(Recipe recipe, Graph teacher, Dataset train) {
    TeacherSettings settings = recipe.teacher();
    if (settings.file().isEmpty()) {
      return takes(settings.preprocessing(), Optional.empty(), settings.file(), train);
    }
    Graph given = TeacherFile.read(settings).graph();
    Optional<Preprocessing> own = Metadata.preprocessing(given);
    boolean unscaled =
        settings.preprocessing().isEmpty()
            && own.isEmpty()
            && !Metadata.preprocessing(teacher).equals(Optional.of(train.preprocessing()));
    return unscaled
        ? ", takes the numbers of the cells, for its file tells nothing of a table (scaled ones: teacher.preprocessing: none)"
        : takes(settings.preprocessing(), own, settings.file(), train);
  }

  /** What a net does to raw values, and who says so: the recipe, its file, or else the data. */
  private static String takes(
      Optional<Preprocessing> told,
      Optional<Preprocessing> own,
      Optional<Path> file,
      Dataset train) {
    Preprocessing taken = told.or(() -> own).orElseGet(train::preprocessing);
    String from =
        told.isPresent()
            ? "as the recipe says"
            : own.isPresent()
                ? "as its file says"
                : "as suits the data"
                    + (file.isPresent() ? ", for its file tells no preprocessing" : "");
    String formula =
        taken.equals(Preprocessing.NONE)
            ? (train.table().isPresent() ? "the table's numbers" : "raw values as they are")
            : new Preprocessed(train, taken).preprocessing().formula();
    return ", takes %s, %s".formatted(formula, from);
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
