package org.distill4j.export;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.distill4j.data.Splits;
import org.distill4j.fault.InputFault;
import org.distill4j.format.FormSettings;
import org.distill4j.graph.Graph;

/**
 * A writer of export formats, each proved in its own runtime. They are found by {@link
 * ServiceLoader}, so that a recipe can ask for what this package knows nothing of.
 */
public interface FormWriter {
  /**
   * What a run has for the forms.
   *
   * @param model an ONNX file
   * @param beside another ONNX file to show beside it, if there is one
   * @param data whose validation examples it is compared on
   */
  record Source(Path model, Optional<Path> beside, Splits data) {}

  /**
   * One form, as it lies on disk.
   *
   * @param form as it is spelled
   * @param n how many examples it was compared on; 0 if nothing here can run it
   * @param difference the largest between two numbers of any output
   * @param agreement the share of examples with the same answer
   * @param bytes of all its files
   */
  record Written(String form, int n, double difference, double agreement, long bytes) {}

  /**
   * What became of a model.
   *
   * @param forms in the order they were written
   * @param notes what is other than one may expect, one line each
   */
  record Outcome(List<Written> forms, List<String> notes) {
    /** Takes copies. */
    public Outcome {
      forms = List.copyOf(forms);
      notes = List.copyOf(notes);
    }
  }

  /**
   * Refuses what cannot be written of a net, before it is trained.
   *
   * @param quantized whether it will be one of 8-bit integers by then
   * @throws InputFault naming every node that a form cannot say
   */
  void check(FormSettings settings, Graph net, boolean quantized);

  /**
   * Writes all forms into one folder, whole or not at all.
   *
   * @param folder gets a folder for each form and {@code export.json}
   * @throws org.distill4j.fault.RunFault if a form says something else than the model
   */
  Outcome write(FormSettings settings, Source source, Path folder);

  /**
   * The one on the class path.
   *
   * @throws InputFault if there is none
   */
  static FormWriter here() {
    return ServiceLoader.load(FormWriter.class)
        .findFirst()
        .orElseThrow(
            () ->
                new InputFault(
                    "export: nothing here writes other forms (expected: distill4j-export on the"
                        + " class path)"));
  }
}
