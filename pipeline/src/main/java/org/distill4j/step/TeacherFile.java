package org.distill4j.step;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.ModelDataCheck;
import org.distill4j.distill.Teacher;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.inference.FileRuntime;
import org.distill4j.inference.ForeignModel;
import org.distill4j.onnx.OnnxFile;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.TeacherSettings;

/**
 * A teacher from elsewhere.
 *
 * @param graph of an ONNX file; what stands for a file of another format
 * @param sha256 of the file
 * @param notes what reading changed, a line each
 */
public record TeacherFile(Graph graph, String sha256, List<String> notes) {
  /** What reading the models of a recipe's files changes, a line each. */
  public static List<String> notes(Recipe recipe) {
    List<String> notes = new ArrayList<>();
    notes.addAll(notes(ModelNames.TEACHER, recipe.teacher().file()));
    notes.addAll(notes(ModelNames.STUDENT, recipe.student().file()));
    return notes;
  }

  /** The teacher of a recipe's file, cut back to logits and told what it was not told before. */
  public Teacher teacher(TeacherSettings settings, Dataset train) {
    Graph told =
        settings.preprocessing().map(p -> Metadata.withPreprocessing(graph, p)).orElse(graph);
    return Teacher.of(
        ModelDataCheck.unscaling(told, train), train, settings.answers(), settings.classes());
  }

  private static List<String> notes(String model, Optional<Path> file) {
    return file.filter(f -> FileRuntime.of(f).isEmpty())
        .map(f -> OnnxReader.open(f).notes().stream().map(n -> model + ": " + n).toList())
        .orElse(List.of());
  }

  /**
   * Reads it.
   *
   * @throws InputFault if it is no model, or an ONNX file is given a signature
   */
  public static TeacherFile read(TeacherSettings settings) {
    Path file = settings.file().orElseThrow();
    Optional<FileRuntime> other = FileRuntime.of(file);
    if (other.isEmpty()) {
      if (settings.signature().isPresent()) {
        throw new InputFault(
            "teacher.signature: '%s', but %s is no SavedModel (expected: its folder, or no signature)"
                .formatted(settings.signature().get(), file));
      }
      OnnxFile given = OnnxReader.open(file);
      return new TeacherFile(given.graph(), given.sha256(), given.notes());
    }
    Graph graph = other.get().read(file, settings.signature());
    ForeignModel standIn = ForeignModel.of(graph).orElseThrow();
    if (settings.answers().isPresent()) {
      graph = standIn.plain().graph(graph.inputs(), graph.outputs(), graph.metadata());
    }
    return new TeacherFile(graph, standIn.sha256() + " " + standIn.signature(), List.of());
  }
}
