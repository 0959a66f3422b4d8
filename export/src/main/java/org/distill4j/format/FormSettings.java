package org.distill4j.format;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;

/**
 * The settings {@code export} of a recipe: the formats that a run's last student is written in.
 *
 * @param to the forms, each at most once
 * @param opset of the ONNX file, 7 to 21
 * @param externalData whether the ONNX file's weights lie in a file of their own
 * @param float16 whether the ONNX file computes in float16
 * @param tflite in what numbers the TFLite file computes; what suits the student if absent
 * @param io what goes in and out of a TFLite file in 8 bits
 * @param tfjsBits how many bits a weight takes in the TF.js files
 * @param demo whether TF.js gets a page that shows the student beside its teacher
 * @param examples how many validation examples each form is compared on, at least 1
 */
@Describe("the forms in which the last student is written, each run beside ONNX Runtime first")
public record FormSettings(
    @Describe("one or more of onnx, tflite, tflite-micro, savedmodel, tfjs") List<Format> to,
    @Default("21") @Describe("ONNX: the opset, 7 to 21") int opset,
    @Default("false") @Describe("ONNX: weights in a file of their own") boolean externalData,
    @Default("false") @Describe("ONNX: computes in float16") boolean float16,
    @Describe("TFLite: float, dynamic or int8; if absent, what suits the student")
        Optional<Precision> tflite,
    @Default("int8") @Describe("TFLite in 8 bits: what goes in and out") InputOutputType io,
    @Default("32") @Describe("TF.js: bits of a stored weight: 8, 16 or 32") int tfjsBits,
    @Default("false") @Describe("TF.js: a page that shows student and teacher side by side")
        boolean demo,
    @Default("100") @Describe("validation examples that each form is compared on, >= 1")
        int examples) {
  private static final int OLDEST = 7;
  private static final int NEWEST = 21;

  /** Checks the bounds. */
  public FormSettings {
    to = List.copyOf(to);
    if (to.isEmpty() || to.size() != EnumSet.copyOf(to).size()) {
      throw new IllegalArgumentException(
          "to: " + spelled(to) + " (expected: at least one form, each once)");
    }
    if (opset < OLDEST || opset > NEWEST) {
      throw new IllegalArgumentException(
          "opset: %s (expected: %s to %s)".formatted(opset, OLDEST, NEWEST));
    }
    if (examples < 1) {
      throw new IllegalArgumentException("examples: " + examples + " (expected: >= 1)");
    }
    if (demo && !to.contains(Format.TFJS)) {
      throw new IllegalArgumentException(
          "demo: true (expected: tfjs among the forms, which the page shows)");
    }
    requireBits(tfjsBits);
  }

  private static void requireBits(int count) {
    if (Bits.of(count).count() != count) {
      throw new AssertionError(count);
    }
  }

  private static List<String> spelled(List<Format> forms) {
    return forms.stream().map(Format::spelled).toList();
  }

  /** All defaults. */
  public static FormSettings of(Format... forms) {
    return new FormSettings(
        List.of(forms),
        NEWEST,
        false,
        false,
        Optional.empty(),
        InputOutputType.INT8,
        32,
        false,
        100);
  }

  /** One line for people. */
  public String says() {
    return String.join(", ", spelled(to))
        + String.format(
            Locale.ROOT, ", each compared with ONNX Runtime on %,d validation examples", examples);
  }
}
