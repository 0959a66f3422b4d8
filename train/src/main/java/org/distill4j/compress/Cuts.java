package org.distill4j.compress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.distill4j.data.Splits;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.progress.ProgressListener;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Sha256;

/**
 * Candidates with fewer channels. Each is cut from the one before it and trained on; the search
 * goes on to smaller ones while they are within the limit, and once between the last that was and
 * the first that was not.
 */
final class Cuts {
  /** Shares of the whole model's multiply-adds. */
  private static final List<Double> SHARES = List.of(.75, .5, .35, .25, .18, .12);

  private static final double PART = .4; // of the time that is left, for each
  private static final double TRAINING = .7; // of that, the rest being for its integers

  private final Splits data;
  private final Path folder;
  private final Candidates candidates;
  private final Bench bench;
  private final School school;
  private final Cutter cutter;
  private final ProgressListener listener;
  private final BiConsumer<Candidate, Budget> integers;

  /**
   * For the model of a search.
   *
   * @param folder the search's
   * @param integers makes candidates of integers of one that is within the limit, in time
   */
  Cuts(
      Splits data,
      Path folder,
      Candidates candidates,
      Bench bench,
      School school,
      Cutter cutter,
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
    String name = String.format(Locale.ROOT, "pruned-%.0f", 100 * share);
    try {
      Optional<Candidate> made = made(name, share, from, part.part(TRAINING));
      made.filter(candidates::isWithin).ifPresent(c -> integers.accept(c, part));
      made.filter(c -> !candidates.isWithin(c))
          .ifPresent(c -> listener.note(name + ": loses more than allowed"));
      return made;
    } catch (InputFault e) {
      listener.note(name + ": not made, " + e.lines().get(0));
    } catch (RunFault e) {
      listener.note(name + ": not made, " + e.getMessage());
    }
    return Optional.empty();
  }

  private Optional<Candidate> made(String name, double share, Candidate from, Budget time) {
    String key =
        Sha256.ofTexts(name, from.key(), Double.toString(share), "trained on by the whole model");
    Optional<Candidate> known = candidates.known(name, key);
    if (known.isPresent()) {
      return known;
    }
    Path own = folder.resolve(name);
    Path draft = own.resolve("cut.onnx");
    Graph cut;
    if (Timetable.read(own.resolve("timetable.json"), key).isPresent() && Files.exists(draft)) {
      cut = OnnxReader.read(draft); // cut off while it was trained
    } else {
      double left = share * candidates.whole().macs() / from.macs();
      cut = cutter.cut(name, candidates.graph(from), left, time);
      clear(own);
      OnnxWriter.write(cut, draft);
    }
    Optional<School.Taught> taught = school.train(name, key, cut, time);
    return taught.map(
        t -> {
          Made made = Made.floats(t.graph(), bench.on(data.validation(), t.graph()), t.steps());
          Candidate candidate = candidates.add(name, from.name(), key, made);
          clear(own);
          return candidate;
        });
  }

  /** Takes away what a training leaves that is over, or was of another model. */
  private static void clear(Path own) {
    try {
      Files.createDirectories(own);
      for (String file : List.of("cut.onnx", "timetable.json", "checkpoint.safetensors")) {
        Files.deleteIfExists(own.resolve(file));
      }
    } catch (IOException e) {
      throw new RunFault(own + ": cannot be written: " + AtomicFile.reason(e), e);
    }
  }
}
