package org.distill4j.compress;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.data.Splits;
import org.distill4j.eval.Comparison;
import org.distill4j.eval.Evaluation;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.inference.Latency;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.Calibrated;
import org.distill4j.quantize.Observer;
import org.distill4j.quantize.PostTraining;
import org.distill4j.quantize.QuantizeSettings;
import org.distill4j.storage.Sha256;

/**
 * Looks for the smallest model that still answers as well as the float one, one rung after the
 * other: 8 bits; weights balanced between layers; the first layer float; then the layers that
 * suffer most float, one more at a time. Every candidate is a file, measured in ONNX Runtime; one
 * that is there from an earlier search is taken as it is.
 *
 * <p>Each rung tries all observers and keeps the one that loses least. The search goes on until a
 * candidate is within the limit, and always ends with the best so far. All choices use validation;
 * the test set is read once, for what is chosen.
 */
public final class Search {
  private static final QuantizeSettings FORM = QuantizeSettings.defaults();
  private static final int LATENCY_THREADS = 1;

  private final Graph model;
  private final String digest;
  private final Splits data;
  private final Limits limits;
  private final int threads;
  private final ProgressListener listener;
  private final CandidateFolder folder;
  private final long deadline;
  private final int bits = FORM.weightBitsHere();
  private final Map<Boolean, Calibrated> calibrated = new HashMap<>();
  private final List<Candidate> candidates = new ArrayList<>();
  private Evaluation reference;

  private Search(
      Graph model,
      Splits data,
      Limits limits,
      Path folder,
      int threads,
      ProgressListener listener) {
    this.model = model;
    this.digest = Sha256.of(OnnxWriter.toBytes(model));
    this.data = data;
    this.limits = limits;
    this.threads = threads;
    this.listener = listener;
    this.folder = CandidateFolder.open(folder);
    this.deadline = System.nanoTime() + limits.budget().toNanos();
  }

  /**
   * Searches.
   *
   * @param model a float model of one input and one output of logits or probabilities
   * @param folder keeps every candidate
   * @throws org.distill4j.fault.InputFault if the model is quantized already or has no layer that
   *     can be
   */
  public static Found in(
      Graph model,
      Splits data,
      Limits limits,
      Path folder,
      int threads,
      ProgressListener listener) {
    Graph complete =
        Metadata.withPreprocessing(
            model, Metadata.preprocessing(model).orElseGet(data.train().data()::preprocessing));
    return new Search(complete, data, limits, folder, threads, listener).run();
  }

  private Found run() {
    reference = Evaluation.of(model, data.validation(), threads);
    addFloat();
    rung("int8", false, Set.of());
    if (isShort()) {
      rung("int8-equalized", true, Set.of());
    }
    if (isShort() && calibrated(true).layers().size() > 1) {
      rung("int8-first-layer-float", true, Set.of(calibrated(true).layers().get(0)));
    }
    if (isShort() && calibrated(true).layers().size() > 1) {
      fallBack();
    }
    return verdict();
  }

  /** Whether no integer model is within the limit yet, and there is time for another. */
  private boolean isShort() {
    return System.nanoTime() < deadline
        && candidates.stream().skip(1).noneMatch(c -> c.drop() <= limits.maxDrop());
  }

  private Calibrated calibrated(boolean equalize) {
    return calibrated.computeIfAbsent(
        equalize,
        e -> Calibrated.of(model, data.train().data(), e, limits.samples(), threads, listener));
  }

  private void addFloat() {
    String key = key("float", false, Set.of());
    candidates.add(
        folder.candidate(
            "float",
            key,
            model,
            (file, bytes) ->
                new Candidate(
                    "float",
                    file,
                    key,
                    bytes,
                    reference.accuracy(),
                    0,
                    1,
                    latency(model),
                    "",
                    Float.SIZE,
                    List.of())));
  }

  /** All observers on one form; what loses least becomes the candidate. */
  private void rung(String name, boolean equalize, Set<String> keepFloat) {
    String key = key(name, equalize, keepFloat);
    if (folder.has(name, key)) {
      candidates.add(folder.get(name));
      listener.note(name + ": taken from an earlier search");
      return;
    }
    QuantizeSettings settings =
        new QuantizeSettings(
            Optional.empty(),
            limits.samples(),
            FORM.activations(),
            bits,
            equalize,
            List.copyOf(keepFloat));
    PostTraining.Trial best =
        PostTraining.of(
                calibrated(equalize),
                reference,
                data.validation(),
                settings,
                threads,
                ProgressListener.NONE)
            .best();
    Candidate candidate =
        folder.candidate(
            name,
            key,
            best.graph(),
            (file, bytes) ->
                new Candidate(
                    name,
                    file,
                    key,
                    bytes,
                    best.found().accuracy(),
                    reference.accuracy() - best.found().accuracy(),
                    best.agreement(),
                    latency(best.graph()),
                    best.observer().name(),
                    bits,
                    keepFloat.stream().sorted().toList()));
    candidates.add(candidate);
    listener.note(candidate.summary());
  }

  /** One more layer float at a time, the one first that costs most when it alone is integer. */
  private void fallBack() {
    List<String> suffering = bySensitivity();
    Set<String> keepFloat = new HashSet<>();
    for (int i = 0; i < suffering.size() - 1 && isShort(); i++) {
      keepFloat.add(suffering.get(i));
      rung("int8-" + (i + 1) + "-float", true, Set.copyOf(keepFloat));
    }
  }

  private List<String> bySensitivity() {
    List<String> layers = calibrated(true).layers();
    Map<String, Double> losses = new LinkedHashMap<>();
    listener.begin("sensitivity", layers.size(), "layers");
    for (String layer : layers) {
      Set<String> others = new HashSet<>(layers);
      others.remove(layer);
      Graph alone = calibrated(true).integers(Observer.MSE, FORM.activations(), bits, others);
      losses.put(layer, Evaluation.of(alone, data.validation(), threads).loss());
      listener.advance(losses.size(), Map.of());
    }
    List<String> sorted = new ArrayList<>(layers);
    sorted.sort(Comparator.comparing(losses::get, Comparator.reverseOrder()));
    listener.end("most: " + sorted.get(0));
    return sorted;
  }

  private Found verdict() {
    Candidate base = candidates.get(0);
    Candidate best =
        candidates.stream()
            .skip(1)
            .filter(c -> c.drop() <= limits.maxDrop())
            .min(Comparator.comparingLong(Candidate::bytes).thenComparing(Candidate::p50Ms))
            .or(() -> candidates.stream().skip(1).min(Comparator.comparingDouble(Candidate::drop)))
            .orElse(base);
    Evaluation before = Evaluation.of(model, data.test(), threads);
    Evaluation after = Evaluation.of(OnnxReader.read(folder.path(best)), data.test(), threads);
    List<String> front =
        candidates.stream()
            .filter(c -> candidates.stream().noneMatch(o -> o.dominates(c)))
            .map(Candidate::name)
            .toList();
    return new Found(
        List.copyOf(candidates),
        best,
        best.drop() <= limits.maxDrop() && candidates.size() > 1,
        before.accuracy(),
        after.accuracy(),
        Comparison.of(after, before),
        front);
  }

  private static double latency(Graph graph) {
    try (Predictor predictor = new OnnxRuntime().open(graph, LATENCY_THREADS)) {
      return Latency.measure(predictor, 1, LATENCY_THREADS).p50Ms();
    }
  }

  private String key(String name, boolean equalize, Set<String> keepFloat) {
    return Sha256.ofTexts(
        name,
        digest,
        data.sha256(),
        Boolean.toString(equalize),
        keepFloat.stream().sorted().toList().toString(),
        Long.toString(limits.samples()),
        Integer.toString(bits));
  }

  /**
   * What a search found.
   *
   * @param candidates everything that was measured, the float model first
   * @param best the smallest within the limit; where none is, the one that loses least
   * @param passed whether it is within the limit
   * @param floatTestAccuracy of the float model on the test set
   * @param testAccuracy of the best on the test set
   * @param onTest the best against the float model, example by example
   * @param front names of candidates that no other one matches in accuracy, bytes and latency
   */
  public record Found(
      List<Candidate> candidates,
      Candidate best,
      boolean passed,
      double floatTestAccuracy,
      double testAccuracy,
      Comparison onTest,
      List<String> front) {}
}
