package org.distill4j.results;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/**
 * An exported form of the last student: its size, and how near it comes to the original.
 *
 * @param folder its path from the run's folder
 * @param bytes of the model's files, without a demo page or C text
 * @param n how many validation examples it was compared on with ONNX Runtime; 0 if nothing here can
 *     run it
 * @param largestDifference between two numbers of any output
 * @param sameAnswer the share of examples with the same answer
 */
public record ExportSummary(
    String form,
    String folder,
    long bytes,
    int n,
    @JsonProperty("largest_difference") double largestDifference,
    @JsonProperty("same_answer") double sameAnswer) {
  /** The finding in one sentence. */
  public String says() {
    return n == 0
        ? String.format(Locale.ROOT, "%s: %,d bytes, not run here (%s)", form, bytes, folder)
        : String.format(
            Locale.ROOT,
            "%s: %,d bytes, differs from ONNX Runtime by at most %.2g, same answer for %d of %d (%s)",
            form,
            bytes,
            largestDifference,
            Math.round(sameAnswer * n),
            n,
            folder);
  }
}
