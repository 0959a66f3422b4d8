package org.distill4j.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.forms.FormSettings;
import org.distill4j.forms.FormWriter;
import org.distill4j.forms.Format;
import org.distill4j.track.Exported;

/** Writes the last student in other forms. */
final class ExportStage {
  static final String NAME = "export";
  private static final String ARTEFACT = "forms/export.json";

  private ExportStage() {}

  /** Refuses what cannot be written of the student, before anything is trained. */
  static void check(RunContext run, FormSettings settings) {
    FormWriter.here().check(settings, StudentStage.start(run), run.recipe().quantize().isPresent());
  }

  /**
   * Does it, unless it is done.
   *
   * @param student the last that was made
   * @param teacher whom a page shows beside it
   */
  static Stage run(RunContext run, FormSettings settings, Stage student, Stage teacher) {
    List<String> inputs =
        new ArrayList<>(List.of(student.sha256(), run.dataDigest(), settings.toString()));
    if (settings.demo()) {
      inputs.add(teacher.sha256());
    }
    return run.folder()
        .stage(
            run.named(NAME),
            StageKind.EXPORT,
            ARTEFACT,
            inputs,
            target -> {
              FormWriter.Outcome outcome =
                  FormWriter.here()
                      .write(
                          settings,
                          new FormWriter.Source(
                              student.artefact(),
                              settings.demo() ? Optional.of(teacher.artefact()) : Optional.empty(),
                              run.data()),
                          target.getParent());
              outcome.notes().forEach(note -> run.says(NAME + ": " + note));
              Map<String, Double> figures = new LinkedHashMap<>();
              outcome.forms().forEach(form -> note(form, figures));
              return new RunFolder.Made(figures);
            });
  }

  private static void note(FormWriter.Written form, Map<String, Double> figures) {
    figures.put(form.form() + ".examples", (double) form.n());
    figures.put(form.form() + ".difference", form.difference());
    figures.put(form.form() + ".agreement", form.agreement());
    figures.put(form.form() + ".bytes", (double) form.bytes());
  }

  /** What results say of it; null if the run exports nothing. */
  static List<Exported> results(List<Stage> stages) {
    List<Exported> exports = new ArrayList<>();
    for (Stage stage : stages) {
      if (!stage.artefact().endsWith(ARTEFACT)) {
        continue;
      }
      Map<String, Double> figures = stage.record().figures();
      for (Format format : Format.values()) {
        String form = format.spelled();
        if (figures.containsKey(form + ".bytes")) {
          exports.add(
              new Exported(
                  form,
                  stage.name() + "/forms/" + form,
                  figures.get(form + ".bytes").longValue(),
                  figures.get(form + ".examples").intValue(),
                  figures.get(form + ".difference"),
                  figures.get(form + ".agreement")));
        }
      }
    }
    return exports.isEmpty() ? null : exports;
  }
}
