package org.distill4j.search;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.distill4j.data.Splits;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.Preference;
import org.distill4j.settings.StepKey;
import org.distill4j.shapes.Cost;

/**
 * Candidates with fewer channels. Each is cut from the one before it and trained on; the search
 * goes on to smaller ones while they are within the limit, and once between the last that was and
 * the first that was not.
 */
final class PruningTrials {
  /** Shares of the whole model's multiply-adds. */
  private static final List<Double> SHARES = List.of(.75, .5, .35, .25, .18, .12);

  private static final double PART = .5; // of the time that is left, for each
  private static final double TRAINING = .8; // of that, the rest being for its integers

  private final Splits data;
  private final Path folder;
  private final Candidates candidates;
  private final CandidateMeasurement bench;
  private final SelfDistillation school;
  private final PruningStep cutter;
  private final ProgressListener listener;
  private final BiConsumer<Candidate, Budget> integers;

  /**
   * For the model of a search.
   *
   * @param folder the search's
   * @param integers makes candidates of integers of one that is within the limit, in time
   */
  PruningTrials(
      Splits data,
      Path folder,
      Candidates candidates,
      CandidateMeasurement bench,
      SelfDistillation school,
      PruningStep cutter,
      ProgressListener listener,
      BiConsumer<Candidate, Budget> integers) {
    this.data = data;
    this.folder = folder;
    this.candidates = candidates;
    this.bench = bench;
    this.school = school;
    this.cutter = cutter;
    this.listener = listener;
    this.integers = integers;
  }

  /** Makes smaller and smaller models until one is not within the limit, or the time is up. */
  void run(Budget budget) {
    Candidate whole = candidates.whole();
    Candidate last = whole;
    for (double share : SHARES) {
      if (last.macs() <= share * whole.macs()) {
        continue; // blocks took that much already
      }
      Optional<Candidate> next = attempt(share, last, budget);
      if (next.isEmpty()) {
        return;
      }
      if (!candidates.isWithin(next.get())) {
        double between = ((double) last.macs() / whole.macs() + share) / 2;
        attempt(between, last, budget);
        return;
      }
      last = next.get();
    }
  }

  /** One candidate and, if it is within the limit, its integers; empty where it was not made. */
  private Optional<Candidate> attempt(double share, Candidate from, Budget budget) {
    Budget part = budget.part(PART);
    Budget training = part.part(TRAINING);
    String name = String.format(Locale.ROOT, "pruned-%.0f", 100 * share);
    double left = share * candidates.whole().macs() / from.macs();
    try {
      Optional<Candidate> made =
          trained(name, from, training, budget, graph -> cutter.cut(name, graph, left, training));
      Optional<Candidate> shortlyTrained =
          made.filter(c -> !candidates.isWithin(c) && school.isCutShort(c));
      if (shortlyTrained.isPresent()) {
        Budget more = budget.part(PART).part(TRAINING);
        made =
            trained(name + "-on", made.get(), more, budget, graph -> graph)
                .or(() -> shortlyTrained);
      }
      for (Candidate candidate : made.stream().toList()) {
        if (candidates.isWithin(candidate)) {
          integers.accept(candidate, part);
        } else {
          listener.note(candidate.name() + ": loses more than allowed");
        }
      }
      return made;
    } catch (InputFault e) {
      listener.note(name + ": not made, " + e.lines().get(0));
    } catch (RunFault e) {
      listener.note(name + ": not made, " + e.getMessage());
    }
    return Optional.empty();
  }

  /**
   * A candidate that was trained on.
   *
   * @param time what it should take
   * @param all what it may take before it is cut off
   * @param change what is done to the model before
   */
  private Optional<Candidate> trained(
      String name, Candidate from, Budget time, Budget all, UnaryOperator<Graph> change) {
    String key = key(name, from);
    Optional<Candidate> known = candidates.known(name, key);
    if (known.isPresent()) {
      return known;
    }
    Path own = folder.resolve(name);
    Path draft = own.resolve("cut.onnx");
    Graph start;
    if (Timetable.read(own, key).isPresent() && Files.exists(draft)) {
      start = OnnxReader.read(draft); // cut off while it was trained
    } else {
      start = change.apply(candidates.graph(from));
      Optional<Candidate> same = alike(start).filter(c -> !c.equals(from));
      if (same.isPresent()) {
        listener.note(name + ": as wide as " + same.get().name() + ", so not trained again");
        return same;
      }
      school.forget(name);
      OnnxWriter.write(start, draft);
    }
    return school
        .train(name, key, start, time, all)
        .map(
            taught -> {
              TrialModel made =
                  TrialModel.floats(
                      taught.graph(), bench.on(data.validation(), taught.graph()), taught.steps());
              Candidate candidate = candidates.add(name, from.name(), key, made);
              school.forget(name);
              return candidate;
            });
  }

  /** Widths depend on the wish for speed; without it, the key says nothing of it. */
  private String key(String name, Candidate from) {
    StepKey key = CandidateKind.PRUNED.key().from("candidate", from.key()).with("name", name);
    return (cutter.prefer() == Preference.SPEED ? key.with("prefer", cutter.prefer()) : key)
        .sha256();
  }

  /** A candidate of floats of the same size: cut from the same, it has the same widths. */
  private Optional<Candidate> alike(Graph graph) {
    Cost cost = Cost.of(graph);
    return candidates.made().stream()
        .filter(c -> c.trainedSteps() > 0 && c.integerMacs() == 0)
        .filter(c -> c.macs() == cost.macs() && c.parameters() == cost.parameters())
        .findFirst();
  }
}
