package org.distill4j.export;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.distill4j.fault.InputFault;
import org.distill4j.format.Bits;
import org.distill4j.format.FormSettings;
import org.distill4j.format.Format;
import org.distill4j.format.Precision;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.lowered.Drawing;
import org.distill4j.onnx.OnnxForm;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.storage.Sha256;

/** The exporter of a recipe's formats. */
public final class RecipeForms implements FormWriter {
  private static final String STUDENT = "student";
  private static final String TEACHER = "teacher";

  @Override
  public void check(FormSettings settings, Graph net, boolean quantized) {
    if (settings.tflite().equals(Optional.of(Precision.INT8)) && !quantized) {
      throw new InputFault(
          "export.tflite: int8 (expected: quantize in the recipe too, which says how 8 bits stand"
              + " for the student's numbers)");
    }
    if (settings.to().stream().anyMatch(f -> f != Format.ONNX)) {
      Drawing.of(net);
    }
  }

  @Override
  public Outcome write(FormSettings settings, Source source, Path folder) {
    Graph read = OnnxReader.read(source.model());
    Map<String, String> lineage = new LinkedHashMap<>(Metadata.lineage(read));
    lineage.put("exported-from", Sha256.of(source.model()));
    Graph model = Metadata.withLineage(read, lineage);
    Golden golden =
        Golden.of(model, source.data().validation().data(), settings.examples())
            .seenOn(model, source.data().train().data());
    ExportReport report = Exporter.export(model, exported(settings, source), golden, folder);
    return new Outcome(
        report.forms().stream()
            .map(
                p ->
                    new Written(
                        p.format(),
                        p.parity().n(),
                        p.parity().distance(),
                        p.parity().agreement(),
                        p.bytes()))
            .toList(),
        report.notes());
  }

  private static ExportSettings exported(FormSettings settings, Source source) {
    Optional<ExportSettings.Demo> demo =
        settings.demo()
            ? Optional.of(
                new ExportSettings.Demo(STUDENT, source.beside().map(OnnxReader::read), TEACHER))
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
}
