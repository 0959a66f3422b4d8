package org.distill4j.compress;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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
import org.distill4j.parity.Parity;
import org.distill4j.parity.ParityCheck;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.Attempts;
import org.distill4j.quantize.DynamicIntegers;
import org.distill4j.quantize.Form;
import org.distill4j.quantize.Ladder;
import org.distill4j.quantize.Observer;
import org.distill4j.quantize.PostTraining;
import org.distill4j.quantize.QuantizeSettings;
import org.distill4j.quantize.Repair;
import org.distill4j.storage.Sha256;

/**
 * Looks for the smallest or fastest model that still answers as well as the float one, as the
 * {@link Ladder} goes. Every candidate is a file, measured in ONNX Runtime; one that is there from
 * an earlier search is taken as it is.
 *
 * <p>Each rung tries all observers and keeps the one that loses least. The search goes on until a
 * candidate is within the limit, and always ends with the best so far. All choices use validation;
 * the test set is read once, for what is chosen.
 */
public final class Search implements Ladder.Trier {
  private static final int LATENCY_THREADS = 1;

  private final Graph model;
  private final String digest;
  private final Splits data;
  private final Limits limits;
  private final Wanted wanted;
  private final int threads;
  private final ProgressListener listener;
  private final CandidateFolder folder;
  private final long deadline;
  private final int bits;
  private final Attempts attempts;
  private final List<Candidate> candidates = new ArrayList<>();
  private final Consumer<SoFar> heard;

  private Search(
      Graph model,
      Splits data,
      Limits limits,
      Wanted wanted,
      Path folder,
      int threads,
      ProgressListener listener,
      Consumer<SoFar> heard) {
    this.heard = heard;
    QuantizeSettings settings = settings(limits);
    this.model = model;
    this.digest = Sha256.of(OnnxWriter.toBytes(model));
    this.data = data;
    this.limits = limits;
    this.wanted = wanted;
    this.threads = threads;
    this.listener = listener;
    this.folder = CandidateFolder.open(folder);
    this.deadline = System.nanoTime() + limits.budget().toNanos();
    this.bits = settings.integers(wanted.target()).weightBits();
    this.attempts = new Attempts(model, data, settings, wanted.target(), threads, listener);
  }

  /** Everything open but the examples, and nothing balanced on the first rung. */
  private static QuantizeSettings settings(Limits limits) {
    return new QuantizeSettings(
        Form.STATIC,
        Optional.empty(),
        limits.samples(),
        Optional.empty(),
        0,
        false,
        List.of(),
        Optional.empty(),
        List.of());
  }

  /**
   * Searches.
   *
   * @param model a float model of one input and one output of logits or probabilities
   * @param folder keeps every candidate
   * @param heard is told of each candidate, with the one to take if the search ended there
   * @throws org.distill4j.fault.InputFault if the model is quantized already or has no layer that
   *     can be
   */
  public static Found in(
      Graph model,
      Splits data,
      Limits limits,
      Wanted wanted,
      Path folder,
      int threads,
      ProgressListener listener,
      Consumer<SoFar> heard) {
    Graph complete =
        Metadata.withPreprocessing(
            model, Metadata.preprocessing(model).orElseGet(data.train().data()::preprocessing));
    return new Search(complete, data, limits, wanted, folder, threads, listener, heard).run();
  }

  private Found run() {
    listener.note("target " + wanted.target().says());
    addFloat();
    if (wanted.form() == Form.DYNAMIC) {
      addDynamic();
    } else {
      new Ladder(this, limits.maxDrop(), this::hasTime, listener).climb(Set.of());
      if (wanted.prefer() == Prefer.SPEED && hasTime()) {
        addFastest();
      }
    }
    return verdict();
  }

  private boolean hasTime() {
    return System.nanoTime() < deadline;
  }

  private void addFloat() {
    String key = key("float", Set.of(), Set.of());
    keep(
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
                    attempts.reference().accuracy(),
                    0,
                    1,
                    latency(model),
                    "",
                    List.of(),
                    Float.SIZE,
                    List.of(),
                    null)));
  }

  private void addDynamic() {
    String name = "int8-dynamic";
    String key = key(name, Set.of(), Set.of());
    if (taken(name, key)) {
      return;
    }
    DynamicIntegers made = DynamicIntegers.of(model, bits, Set.of());
    made.floating().forEach((layer, why) -> listener.note(layer + ": stays float, " + why));
    Evaluation found = Evaluation.of(made.graph(), data.validation(), threads);
    add(
        name,
        key,
        new PostTraining.Trial(
            Optional.empty(),
            Set.of(),
            made.graph(),
            found,
            found.agreement(attempts.reference()),
            0),
        Set.of());
  }

  /** The best so far with the layers float that integers slow down. */
  private void addFastest() {
    Candidate best = best();
    if (best.observer().isEmpty()) {
      return;
    }
    Set<Repair> repairs =
        best.repairs().stream().map(Repair::valueOf).collect(Collectors.toUnmodifiableSet());
    Set<String> floats = new HashSet<>(best.keptFloat());
    List<String> layers = new ArrayList<>(attempts.layers(repairs));
    layers.removeAll(floats);
    Set<String> slow =
        new SlowLayers(
                more -> {
                  Set<String> all = new HashSet<>(floats);
                  all.addAll(more);
                  return attempts.integers(Observer.valueOf(best.observer()), repairs, all);
                },
                listener)
            .among(layers);
    floats.addAll(slow);
    if (slow.size() == layers.size()) {
      listener.note("int8-fast: every layer is faster float, so 8 bits gain no speed here");
    } else if (!slow.isEmpty()) {
      drop(new Ladder.Rung("int8-fast", repairs, floats));
    }
  }

  @Override
  public double drop(Ladder.Rung rung) {
    String key = key(rung.name(), rung.repairs(), rung.keepFloat());
    if (!taken(rung.name(), key)) {
      add(rung.name(), key, attempts.made(rung).best(), rung.keepFloat());
    }
    Candidate last = candidates.get(candidates.size() - 1);
    return last.isProved() ? last.drop() : 1; // what is not proved is of no use
  }

  private boolean taken(String name, String key) {
    if (!folder.has(name, key)) {
      return false;
    }
    keep(folder.get(name));
    listener.note(name + ": taken from an earlier search");
    return true;
  }

  private void add(String name, String key, PostTraining.Trial trial, Set<String> keepFloat) {
    Parity parity = parity(name, trial.graph());
    Candidate candidate =
        folder.candidate(
            name,
            key,
            trial.graph(),
            (file, bytes) ->
                new Candidate(
                    name,
                    file,
                    key,
                    bytes,
                    trial.found().accuracy(),
                    attempts.reference().accuracy() - trial.found().accuracy(),
                    trial.agreement(),
                    latency(trial.graph()),
                    trial.observer().map(Observer::name).orElse(""),
                    trial.repairs().stream().sorted().map(Repair::name).toList(),
                    bits,
                    keepFloat.stream().sorted().toList(),
                    parity));
    keep(candidate);
    listener.note(candidate.summary());
  }

  /** Null where the model cannot be simulated. */
  private Parity parity(String name, Graph graph) {
    Optional<Parity> parity =
        ParityCheck.ifSimulable(
            name, graph, data.validation().data(), wanted.target().runtime(), threads, listener);
    parity.ifPresent(p -> listener.note(name + ": " + (p.isPassed() ? p.summary() : p.fault())));
    return parity.orElse(null);
  }

  @Override
  public boolean changes(Repair repair, Ladder.Rung rung) {
    String key = key(rung.name(), rung.repairs(), rung.keepFloat());
    return folder.has(rung.name(), key) || attempts.changes(repair, rung);
  }

  @Override
  public List<String> layers(Set<Repair> repairs) {
    return attempts.layers(repairs);
  }

  @Override
  public List<String> bySensitivity(Set<Repair> repairs) {
    return attempts.bySensitivity(repairs);
  }

  private void keep(Candidate candidate) {
    candidates.add(candidate);
    heard.accept(new SoFar(candidates, best()));
  }

  private Candidate best() {
    Comparator<Candidate> smallest = Comparator.comparingLong(Candidate::bytes);
    Comparator<Candidate> wish =
        wanted.prefer() == Prefer.SPEED
            ? Comparator.comparing(Candidate::p50Ms).thenComparing(smallest)
            : smallest.thenComparing(c -> c.p50Ms() == null ? 0 : c.p50Ms());
    return candidates.stream()
        .skip(1)
        .filter(c -> c.drop() <= limits.maxDrop() && c.isProved())
        .min(wish)
        .or(
            () ->
                candidates.stream()
                    .skip(1)
                    .filter(Candidate::isProved)
                    .min(Comparator.comparingDouble(Candidate::drop)))
        .orElse(candidates.get(0));
  }

  private Found verdict() {
    Candidate best = best();
    Evaluation before = Evaluation.of(model, data.test(), threads);
    Evaluation after = Evaluation.of(OnnxReader.read(folder.path(best)), data.test(), threads);
    return new Found(
        List.copyOf(candidates),
        best,
        best.drop() <= limits.maxDrop() && !best.equals(candidates.get(0)),
        before.accuracy(),
        after.accuracy(),
        Comparison.of(after, before),
        new SoFar(candidates, best).front());
  }

  /** Null where the model is for another machine. */
  private Double latency(Graph graph) {
    if (!wanted.target().isHere()) {
      return null;
    }
    try (Predictor predictor = new OnnxRuntime().open(graph, LATENCY_THREADS)) {
      return Latency.measure(predictor, 1, LATENCY_THREADS).p50Ms();
    }
  }

  private String key(String name, Set<Repair> repairs, Set<String> keepFloat) {
    return Sha256.ofTexts(
        name,
        digest,
        data.sha256(),
        repairs.stream().sorted().toList().toString(),
        keepFloat.stream().sorted().toList().toString(),
        Long.toString(limits.samples()),
        "held against exact integers",
        wanted.target().spelling(),
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
