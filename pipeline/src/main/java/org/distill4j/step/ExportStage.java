package org.distill4j.step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.distill4j.export.FormWriter;
import org.distill4j.format.FormSettings;
import org.distill4j.format.Format;
import org.distill4j.results.Exported;
import org.distill4j.settings.StepKey;

/** Writes the last student in other forms. */
public final class ExportStage {
  public static final String NAME = "export";
  private static final String ARTEFACT = "forms/export.json";

  private ExportStage() {}

  /** Refuses what cannot be written of the student, before anything is trained. */
  public static void check(RunContext run, FormSettings settings) {
    FormWriter.here().check(settings, StudentStage.start(run), run.recipe().quantize().isPresent());
  }

  /**
   * Does it, unless it is done.
   *
   * @param student the last that was made
   * @param teacher whom a page shows beside it
   */
  public static Stage run(RunContext run, FormSettings settings, Stage student, Stage teacher) {
    Optional<Stage> shown = settings.demo() ? Optional.of(teacher) : Optional.empty();
    StepKey key =
        StageKind.EXPORT
            .key()
            .from("student", student.sha256())
            .from("teacher", shown.map(Stage::sha256))
            .from("data", run.dataDigest())
            .with("export", settings);
    return run.stage(
        NAME,
        ARTEFACT,
        key,
        target -> {
          FormWriter.Outcome outcome =
              FormWriter.here()
                  .write(
                      settings,
                      new FormWriter.Source(
                          student.artefact(), shown.map(Stage::artefact), run.data()),
                      target.getParent());
          outcome.notes().forEach(note -> run.says(NAME + ": " + note));
          return new RunFolder.Made(
              new StepResult.ExportResult(
                  outcome.forms().stream().map(ExportStage::form).toList()));
        });
  }

  private static StepResult.ExportResult.Form form(FormWriter.Written written) {
    return new StepResult.ExportResult.Form(
        written.form(), written.n(), written.difference(), written.agreement(), written.bytes());
  }

  /** What results say of it; null if the run exports nothing. */
  public static List<Exported> results(List<Stage> stages) {
    List<Exported> exports = new ArrayList<>();
    for (Stage stage : stages) {
      if (stage.record().result() instanceof StepResult.ExportResult found) {
        found.forms().stream()
            .sorted(Comparator.comparing(form -> place(form.form())))
            .forEach(
                form ->
                    exports.add(
                        new Exported(
                            form.form(),
                            stage.name() + "/forms/" + form.form(),
                            form.bytes(),
                            form.examples(),
                            form.difference(),
                            form.agreement())));
      }
    }
    return exports.isEmpty() ? null : exports;
  }

  /** Results name forms in the order of {@link Format}. */
  private static int place(String form) {
    return Arrays.stream(Format.values()).map(Format::spelled).toList().indexOf(form);
  }
}
