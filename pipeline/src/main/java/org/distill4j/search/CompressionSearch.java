package org.distill4j.search;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.distill.Teacher;
import org.distill4j.eval.Comparison;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.Metric;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.TaskType;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.ptq.CalibratedModel;
import org.distill4j.softlabels.TeacherCheck;
import org.distill4j.storage.Sha256;

/**
 * The search of {@code compress}: looks for the smallest or fastest model that still answers as
 * well as the float one. Every candidate is a file, measured in ONNX Runtime; one that is there
 * from an earlier search is taken as it is.
 *
 * <p>First come models of integers, rung by rung ({@link QuantizationTrials}); then models with
 * fewer channels, each trained on, and their integers ({@link PruningTrials}). The search ends with
 * the best so far whenever the time is up. All choices use validation; the test set is read once,
 * for what is chosen.
 */
public final class CompressionSearch {
  private static final double LADDER = .5; // of the time, at most, where there is more to do

  private final Graph model;
  private final Splits data;
  private final Limits limits;
  private final CompressSettings wanted;
  private final Path folder;
  private final int threads;
  private final ProgressListener listener;
  private final CandidateMeasurement bench;
  private final SearchLock lock;
  private final Candidates candidates;
  private final Budget budget;
  private Optional<SelfDistillation> school = Optional.empty();

  private CompressionSearch(
      Graph model,
      Splits data,
      Limits limits,
      CompressSettings wanted,
      Path folder,
      int threads,
      ProgressListener listener,
      Consumer<SearchState> heard) {
    this.model = model;
    this.data = data;
    this.limits = limits;
    this.wanted = wanted;
    this.folder = folder;
    this.threads = threads;
    this.listener = listener;
    this.budget = Budget.of(limits.budget());
    this.bench = new CandidateMeasurement(model, data, wanted.target(), threads, listener);
    requireBetterThanChance(model, bench.reference());
    if (Metadata.classes(model).isEmpty()) {
      Teacher.of(model, data.train().data()).threads(threads).requireOrder(data);
    }
    this.lock = SearchLock.of(folder);
    this.candidates =
        new Candidates(
            CandidateFolder.open(folder),
            bench,
            limits.maxDrop(),
            wanted.prefer(),
            listener,
            heard);
  }

  /**
   * Searches.
   *
   * @param model a float model of one input and one output of logits or probabilities
   * @param folder keeps every candidate
   * @param heard is told of each candidate, with the one to take if the search ended there
   * @throws InputFault if the model is quantized already, has no layer that can be or weights that
   *     are not finite, is no better than chance on validation, has its outputs in another order
   *     than the data their classes, or the data have numbers to tell instead of classes; nothing
   *     is left behind
   * @throws org.distill4j.fault.RunFault if another process searches in the folder
   */
  public static Found in(
      Graph model,
      Splits data,
      Limits limits,
      CompressSettings wanted,
      Path folder,
      int threads,
      ProgressListener listener,
      Consumer<SearchState> heard) {
    CalibratedModel.require(model, wanted.form(), Set.of());
    requireClasses(data.validation().data());
    Graph complete =
        Metadata.withPreprocessing(
            model, Metadata.preprocessing(model).orElseGet(data.train().data()::preprocessing));
    CompressionSearch search =
        new CompressionSearch(complete, data, limits, wanted, folder, threads, listener, heard);
    try {
      return search.run();
    } finally {
      search.lock.close();
    }
  }

  private static void requireClasses(Dataset data) {
    if (data.task() == TaskType.REGRESSION) {
      throw new InputFault(
          "data '%s': a regression (expected: classes, by which candidates are judged)"
              .formatted(data.name()));
    }
  }

  /** What is made of a model that answers by chance is worth nothing, however little it loses. */
  private static void requireBetterThanChance(Graph model, Evaluation found) {
    found
        .atChance()
        .ifPresent(
            fault -> {
              throw new InputFault(
                  "model '%s': %s; %s"
                      .formatted(model.name(), fault, TeacherCheck.usualCause(model, found)));
            });
  }

  private Found run() {
    listener.note("target " + wanted.target().says());
    Metric metric = Metric.suiting(data.train().data());
    if (metric != Metric.ACCURACY) {
      listener.note("classes are uneven or weighed: a drop is one of " + metric.title());
    }
    Candidate whole = whole();
    bench.wholeTook(whole.p50Ms());
    school = school();
    integers(whole, school.isPresent() ? budget.part(LADDER) : budget);
    school.ifPresent(
        s -> {
          PruningStep cutter = new PruningStep(data, s, bench, wanted.prefer(), listener);
          new PruningTrials(data, folder, candidates, bench, s, cutter, listener, this::integers)
              .run(budget);
        });
    return verdict();
  }

  /** Empty where nothing may or can be trained. */
  private Optional<SelfDistillation> school() {
    if (!limits.mayTrain()) {
      return Optional.empty();
    }
    SelfDistillation school = new SelfDistillation(model, data, folder, bench, threads, listener);
    List<String> obstacles = school.obstacles();
    obstacles.forEach(line -> listener.note("neither pruned nor trained on: " + line));
    return obstacles.isEmpty() ? Optional.of(school) : Optional.empty();
  }

  private Candidate whole() {
    String key =
        CandidateKind.FLOATS
            .key()
            .from("model", Sha256.of(OnnxWriter.toBytes(model)))
            .from("data", data.sha256())
            .with("target", wanted.target())
            .sha256();
    if (candidates.forgetOthers("float", key)) {
      listener.note(
          folder
              + ": holds candidates of another model, other data, another target or an earlier version: they are made anew");
    }
    return candidates
        .known("float", key)
        .orElseGet(
            () -> candidates.add("float", "", key, TrialModel.floats(model, bench.reference(), 0)));
  }

  private void integers(Candidate floats, Budget time) {
    new QuantizationTrials(
            floats, data, limits, wanted, candidates, bench, school, threads, listener)
        .run(time);
  }

  private Found verdict() {
    Evaluation before = bench.on(data.test(), model);
    Candidates.Tested tested = candidates.tested(data.test());
    Candidate best = tested.candidate();
    Evaluation after = tested.found();
    SearchState found = candidates.soFar();
    return new Found(
        found.candidates(),
        best,
        candidates.isWithin(best) && !best.equals(candidates.whole()),
        before.accuracy(),
        after.accuracy(),
        Comparison.of(after, before),
        found.front());
  }

  /**
   * What a search found.
   *
   * @param candidates everything that was measured, the float model first
   * @param best the smallest or fastest of those within the limit that gain something, the float
   *     model where none does; where none is within the limit, the one that loses least
   * @param passed whether it is within the limit and gains something
   * @param floatTestAccuracy of the float model on the test set
   * @param testAccuracy of the best on the test set
   * @param onTest the best against the float model, example by example
   * @param front names of candidates that no other one matches in accuracy, bytes and latency, or
   *     multiply-adds where no time was measured
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
