package org.distill4j.compress;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import org.distill4j.parity.Parity;

/**
 * One model that was tried, as {@code candidates.json} keeps it. All figures but the bytes were
 * measured in ONNX Runtime: accuracies on validation, latency at batch 1 on 1 thread.
 *
 * @param name what was done, such as {@code int8-equalized}
 * @param file the model within the search's folder
 * @param key the digest of what it was made from
 * @param bytes of the file
 * @param accuracy on validation
 * @param drop accuracy of the float model less this one's, each as a share of 1
 * @param agreement how often it answers as the float model does
 * @param p50Ms median latency in milliseconds; null where the model is for another machine
 * @param observer how its ranges were chosen; empty for the float model and form dynamic
 * @param repairs what was done so that 8 bits hurt less
 * @param weightBits of its integers; 32 for the float model
 * @param keptFloat the layers that stayed float although they could work on integers
 * @param parity whether it says the same in ONNX Runtime, simulated and in exact arithmetic; null
 *     for the float model and for one that cannot be simulated
 */
public record Candidate(
    String name,
    String file,
    String key,
    long bytes,
    double accuracy,
    double drop,
    double agreement,
    Double p50Ms,
    String observer,
    List<String> repairs,
    int weightBits,
    List<String> keptFloat,
    @JsonInclude(JsonInclude.Include.NON_NULL) Parity parity) {
  /** Takes a copy. */
  public Candidate {
    repairs = List.copyOf(repairs);
    keptFloat = List.copyOf(keptFloat);
  }

  /** Whether it may be taken: nothing shows that it says something else than was simulated. */
  boolean isProved() {
    return parity == null || parity.isPassed();
  }

  /** Whether nothing is lost by taking this one instead: it is no worse in any figure. */
  boolean dominates(Candidate other) {
    boolean timed = p50Ms != null && other.p50Ms != null;
    boolean noWorse =
        accuracy >= other.accuracy && bytes <= other.bytes && (!timed || p50Ms <= other.p50Ms);
    boolean better =
        accuracy > other.accuracy || bytes < other.bytes || (timed && p50Ms < other.p50Ms);
    return noWorse && better;
  }

  /** One line for people. */
  String summary() {
    return String.format(
        Locale.ROOT,
        "%s: %,d bytes, validation accuracy %.4f (drop %.2f points)%s",
        name,
        bytes,
        accuracy,
        100 * drop,
        p50Ms == null ? "" : String.format(Locale.ROOT, ", p50 %.3f ms", p50Ms));
  }
}
