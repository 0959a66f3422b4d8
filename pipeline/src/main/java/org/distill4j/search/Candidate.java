package org.distill4j.search;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import org.distill4j.quantize.Preference;
import org.distill4j.results.IntegerParity;
import org.distill4j.results.Results;

/**
 * A candidate of a search, one model that was tried, as {@code candidates.json} keeps it.
 * Accuracies were measured on validation in ONNX Runtime, which multiplies integers as the target
 * does; latency at batch 1 on 1 thread.
 *
 * @param name what was done, such as {@code int8-equalized} or {@code pruned-50-int8}
 * @param from the candidate it was made from; empty for the model that was given
 * @param file the model within the search's folder
 * @param key the digest of what it was made from
 * @param bytes of the file
 * @param sha256 of the file; null in lists of earlier versions
 * @param parameters trained numbers, or the integers that stand for them
 * @param macs multiply-adds for one example
 * @param integerMacs how many of them multiply integers
 * @param accuracy on validation
 * @param drop accuracy of the float model less this one's, each as a share of 1; where classes are
 *     uneven, of average precision or balanced accuracy
 * @param agreement how often it answers as the float model does
 * @param p50Ms median latency in milliseconds; null where the model is for another machine
 * @param observer how its ranges were chosen; empty for floats and form dynamic
 * @param repairs what was done so that 8 bits hurt less
 * @param weightBits of its integers; 32 for floats
 * @param keptFloat the layers that stayed float although they could work on integers
 * @param trainedSteps how many steps it was trained on for; 0 for none
 * @param parity whether it says the same in ONNX Runtime, in exact arithmetic and, where the engine
 *     has all its operators, simulated; null for a float model and for one that exact arithmetic
 *     refuses
 * @param fault why it is no result at all, such as being at chance; null if nothing is wrong
 */
public record Candidate(
    String name,
    String from,
    String file,
    String key,
    long bytes,
    String sha256,
    long parameters,
    long macs,
    long integerMacs,
    double accuracy,
    double drop,
    double agreement,
    Double p50Ms,
    String observer,
    List<String> repairs,
    int weightBits,
    List<String> keptFloat,
    long trainedSteps,
    @JsonInclude(JsonInclude.Include.NON_NULL) IntegerParity parity,
    @JsonInclude(JsonInclude.Include.NON_NULL) String fault) {
  /** Takes a copy. */
  public Candidate {
    repairs = List.copyOf(repairs);
    keptFloat = List.copyOf(keptFloat);
  }

  /** The same, which is no result. */
  Candidate with(String why) {
    return new Candidate(
        name,
        from,
        file,
        key,
        bytes,
        sha256,
        parameters,
        macs,
        integerMacs,
        accuracy,
        drop,
        agreement,
        p50Ms,
        observer,
        repairs,
        weightBits,
        keptFloat,
        trainedSteps,
        parity,
        why);
  }

  /** Whether it may be taken: it is a result, and float or says what exact integers say. */
  boolean isProved() {
    return fault == null && (parity == null ? weightBits == Float.SIZE : parity.isPassed());
  }

  /** Whether it loses no more than that, and says what was simulated. */
  public boolean isWithin(double maxDrop) {
    return drop <= maxDrop && isProved();
  }

  /** Whether it takes at least {@link Results#GAIN} fewer bytes than another. */
  public boolean isSmaller(Candidate other) {
    return bytes <= (1 - Results.GAIN) * other.bytes;
  }

  /** Whether it takes at least {@link Results#GAIN} less time, or multiply-adds, than another. */
  public boolean isFaster(Candidate other) {
    return effort() <= (1 - Results.GAIN) * other.effort();
  }

  /**
   * Whether something is gained by taking this one instead, its accuracy apart: it is smaller or
   * faster; where speed is wished for, not smaller alone but slower.
   */
  public boolean gains(Candidate other, Preference prefer) {
    boolean isSlower = prefer == Preference.SPEED && other.isFaster(this);
    return isFaster(other) || (isSmaller(other) && !isSlower);
  }

  /** Its bytes and time, or multiply-adds, in those of another, for people. */
  public String beside(Candidate other) {
    return String.format(
        Locale.ROOT,
        "%.1f %% of the bytes and %.2f times the %s",
        100.0 * bytes / other.bytes,
        effort() / Math.max(Double.MIN_NORMAL, other.effort()),
        p50Ms == null ? "multiply-adds" : "time");
  }

  /** Its time; where none was measured, the operations that stand for it. */
  public double effort() {
    return p50Ms == null ? macs : p50Ms;
  }

  /** Whether nothing is lost by taking this one instead: it is no worse in any figure. */
  boolean dominates(Candidate other) {
    boolean noWorse = drop <= other.drop && bytes <= other.bytes && effort() <= other.effort();
    boolean better = drop < other.drop || bytes < other.bytes || effort() < other.effort();
    return noWorse && better;
  }

  /** One line for people. */
  String summary() {
    return String.format(
        Locale.ROOT,
        "%s: %,d bytes, %,d multiply-adds, validation accuracy %.4f (drop %.2f points)%s",
        name,
        bytes,
        macs,
        accuracy,
        100 * drop,
        (p50Ms == null ? "" : String.format(Locale.ROOT, ", p50 %.3f ms", p50Ms))
            + (fault == null ? "" : "; " + fault));
  }
}
