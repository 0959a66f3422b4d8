package org.distill4j.step;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.distill4j.data.Dataset;
import org.distill4j.export.ExportReport;
import org.distill4j.export.ExportSettings;
import org.distill4j.export.Exporter;
import org.distill4j.export.FormParity;
import org.distill4j.export.GoldenOutputs;
import org.distill4j.fault.InputFault;
import org.distill4j.format.Bits;
import org.distill4j.format.FormSettings;
import org.distill4j.format.Format;
import org.distill4j.format.Precision;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.lowered.Lowering;
import org.distill4j.onnx.OnnxForm;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.recipe.ModelNames;
import org.distill4j.results.ExportSummary;
import org.distill4j.settings.StepKey;

/** Writes the last student in other forms. */
public final class ExportStage {
  public static final String NAME = "export";
  private static final String ARTEFACT = "forms/export.json";

  private ExportStage() {}

  /**
   * Refuses what cannot be written of a net, before it is trained.
   *
   * @param quantized whether it will be one of 8-bit integers by then
   * @throws InputFault naming every node that a format cannot say
   */
  public static void check(FormSettings settings, Graph net, boolean quantized) {
    if (settings.tflite().equals(Optional.of(Precision.INT8)) && !quantized) {
      throw new InputFault(
          "export.tflite: int8 (expected: quantize in the recipe too, which says how 8 bits stand"
              + " for the student's numbers)");
    }
    if (settings.to().stream().anyMatch(f -> f != Format.ONNX)) {
      Lowering.of(net);
    }
  }

  /**
   * Does it, unless it is done.
   *
   * @param student the last that was made
   * @param teacher whom a page shows beside it
   */
  public static Stage run(RunEnvironment run, FormSettings settings, Stage student, Stage teacher) {
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
          ExportReport report =
              written(run, settings, student, shown.map(Stage::artefact), target.getParent());
          report.notes().forEach(note -> run.says(NAME + ": " + note));
          return new RunFolder.Made(
              new StepResult.ExportResult(report.forms().stream().map(ExportStage::form).toList()));
        });
  }

  /** Writes all formats into one folder, whole or not at all, each proved in its own runtime. */
  private static ExportReport written(
      RunEnvironment run,
      FormSettings settings,
      Stage student,
      Optional<Path> beside,
      Path folder) {
    Graph read = OnnxReader.read(student.artefact());
    Map<String, String> lineage = new LinkedHashMap<>(Metadata.lineage(read));
    lineage.put("exported-from", student.sha256());
    Graph model = Metadata.withLineage(read, lineage);
    GoldenOutputs golden =
        GoldenOutputs.of(model, run.data().validation().data(), settings.examples())
            .seenOn(model, run.data().train().data());
    return Exporter.export(
        model, exported(settings, beside, run.data().test().data()), golden, folder);
  }

  private static ExportSettings exported(
      FormSettings settings, Optional<Path> beside, Dataset examples) {
    Optional<ExportSettings.Demo> demo =
        settings.demo()
            ? Optional.of(
                new ExportSettings.Demo(
                    ModelNames.STUDENT,
                    beside.map(OnnxReader::read),
                    ModelNames.TEACHER,
                    Optional.of(examples)))
            : Optional.empty();
    return new ExportSettings(
        new TreeSet<>(settings.to()),
        new OnnxForm(settings.opset(), settings.externalData()),
        settings.float16(),
        settings.tflite(),
        settings.io(),
        Bits.of(settings.tfjsBits()),
        demo);
  }

  private static StepResult.ExportResult.Form form(FormParity written) {
    return new StepResult.ExportResult.Form(
        written.format(),
        written.parity().n(),
        written.parity().distance(),
        written.parity().agreement(),
        written.bytes());
  }

  /** What results say of it; null if the run exports nothing. */
  public static List<ExportSummary> results(List<Stage> stages) {
    List<ExportSummary> exports = new ArrayList<>();
    for (Stage stage : stages) {
      if (stage.record().result() instanceof StepResult.ExportResult found) {
        found.forms().stream()
            .sorted(Comparator.comparing(form -> place(form.form())))
            .forEach(
                form ->
                    exports.add(
                        new ExportSummary(
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
