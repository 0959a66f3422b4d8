package org.distill4j.tflite;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.export.ExportReport;
import org.distill4j.export.ExportSettings;
import org.distill4j.export.Exporter;
import org.distill4j.export.Golden;
import org.distill4j.forms.Bits;
import org.distill4j.forms.Ends;
import org.distill4j.forms.Format;
import org.distill4j.graph.Graph;
import org.distill4j.inference.Predictor;
import org.distill4j.onnx.OnnxForm;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.ActivationType;
import org.distill4j.quantize.Form;
import org.distill4j.quantize.Observer;
import org.distill4j.quantize.PostTraining;
import org.distill4j.quantize.QuantizeSettings;
import org.distill4j.tensor.HostTensor;

/** Nets of 8-bit integers, and what TFLite and ONNX Runtime answer with them. */
final class Integers {
  private Integers() {}

  /** Weights of 7 bits, so that no processor's sums saturate in ONNX Runtime. */
  static Graph of(Graph trained, Splits data) {
    QuantizeSettings settings =
        new QuantizeSettings(
            Form.STATIC,
            Optional.of(Observer.MIN_MAX),
            512,
            Optional.of(ActivationType.UINT8),
            7,
            false,
            List.of(),
            Optional.empty(),
            List.of());
    return PostTraining.of(trained, data, settings, 1, ProgressListener.NONE).best().graph();
  }

  /**
   * What two runtimes answered.
   *
   * @param same the share of examples with the same answer
   * @param accuracyApart by how much their accuracies differ
   */
  record Answers(double same, double accuracyApart) {}

  /** Writes a net as TFLite and asks both about the golden examples, the first of a data set. */
  static Answers export(Graph integers, Golden golden, Ends ends, Dataset data, Path folder) {
    ExportSettings settings =
        new ExportSettings(
            Set.of(Format.TFLITE),
            OnnxForm.NEWEST,
            false,
            Optional.empty(),
            ends,
            Bits.ALL,
            Optional.empty());
    ExportReport report = Exporter.export(integers, settings, golden, folder);
    int rightHere = 0;
    int rightThere = 0;
    try (Predictor lite = new TfliteRuntime().open(folder.resolve("tflite/model.tflite"), 1)) {
      for (int i = 0; i < golden.inputs().size(); i++) {
        Map<String, HostTensor> found = lite.run(golden.inputs().get(i));
        int label = data.label(i);
        rightHere += best(found.get(golden.first())) == label ? 1 : 0;
        rightThere += best(golden.outputs().get(i).get(golden.first())) == label ? 1 : 0;
      }
    }
    return new Answers(
        report.forms().get(0).agreement(),
        Math.abs(rightHere - rightThere) / (double) golden.inputs().size());
  }

  private static int best(HostTensor scores) {
    float[] values = scores.toFloats();
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
