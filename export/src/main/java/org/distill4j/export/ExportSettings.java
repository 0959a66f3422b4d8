package org.distill4j.export;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.distill4j.onnx.OnnxForm;
import org.distill4j.tflite.Ends;
import org.distill4j.tflite.Precision;

/**
 * What to write of a model.
 *
 * @param formats at least one
 * @param onnx how the ONNX file is spelled
 * @param half whether the ONNX file computes in float16
 * @param tflite in what numbers the TFLite file computes; what suits the model if left out
 * @param ends what goes in and out of a TFLite file in 8 bits
 */
public record ExportSettings(
    Set<Format> formats, OnnxForm onnx, boolean half, Optional<Precision> tflite, Ends ends) {
  /** Takes a copy. */
  public ExportSettings {
    if (formats.isEmpty()) {
      throw new IllegalArgumentException("formats: none (expected: at least one)");
    }
    formats = java.util.Collections.unmodifiableSet(new TreeSet<>(formats));
  }

  /** Float32, the newest opset. */
  public static ExportSettings of(Format... formats) {
    return new ExportSettings(Set.of(formats), OnnxForm.NEWEST, false, Optional.empty(), Ends.INT8);
  }
}
