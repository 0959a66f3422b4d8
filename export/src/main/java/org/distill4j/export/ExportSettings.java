package org.distill4j.export;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.distill4j.data.Dataset;
import org.distill4j.format.Bits;
import org.distill4j.format.Format;
import org.distill4j.format.InputOutputType;
import org.distill4j.format.Precision;
import org.distill4j.graph.Graph;
import org.distill4j.onnx.OnnxForm;

/**
 * The settings of an export.
 *
 * @param formats at least one
 * @param onnx how the ONNX file is spelled
 * @param half whether the ONNX file computes in float16
 * @param tflite in what numbers the TFLite file computes; what suits the model if left out
 * @param ends what goes in and out of a TFLite file in 8 bits
 * @param bits how many bits a weight takes in the TF.js files
 * @param demo whether to write a page that shows the TF.js model, and what beside
 */
public record ExportSettings(
    Set<Format> formats,
    OnnxForm onnx,
    boolean half,
    Optional<Precision> tflite,
    InputOutputType ends,
    Bits bits,
    Optional<Demo> demo) {
  /**
   * A page.
   *
   * @param name what the page calls the model
   * @param beside a model to show beside, such as the teacher
   * @param besideName what the page calls that
   * @param examples of which it shows one of each class, as raw values; empty if there are no data
   */
  public record Demo(
      String name, Optional<Graph> beside, String besideName, Optional<Dataset> examples) {}

  /** Takes a copy. */
  public ExportSettings {
    if (demo.isPresent() && !formats.contains(Format.TFJS)) {
      throw new IllegalArgumentException("demo: without tfjs (expected: tfjs among the formats)");
    }
    if (formats.isEmpty()) {
      throw new IllegalArgumentException("formats: none (expected: at least one)");
    }
    formats = java.util.Collections.unmodifiableSet(new TreeSet<>(formats));
  }

  /** Float32, the newest opset. */
  public static ExportSettings of(Format... formats) {
    return new ExportSettings(
        Set.of(formats),
        OnnxForm.NEWEST,
        false,
        Optional.empty(),
        InputOutputType.INT8,
        Bits.ALL,
        Optional.empty());
  }
}
