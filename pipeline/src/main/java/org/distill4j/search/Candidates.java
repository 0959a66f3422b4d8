package org.distill4j.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.distill4j.data.Split;
import org.distill4j.eval.Evaluation;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.Preference;
import org.distill4j.results.IntegerParity;

/** All that a search has made, and which of it is the best. */
final class Candidates {
  private final CandidateFolder folder;
  private final CandidateMeasurement bench;
  private final double maxDrop;
  private final Preference prefer;
  private final ProgressListener listener;
  private final Consumer<SearchState> heard;
  private final List<Candidate> all = new ArrayList<>();

  /**
   * None yet.
   *
   * @param heard is told of each, with the one to take if the search ended there
   */
  Candidates(
      CandidateFolder folder,
      CandidateMeasurement bench,
      double maxDrop,
      Preference prefer,
      ProgressListener listener,
      Consumer<SearchState> heard) {
    this.folder = folder;
    this.bench = bench;
    this.maxDrop = maxDrop;
    this.prefer = prefer;
    this.listener = listener;
    this.heard = heard;
  }

  /**
   * Forgets all that an earlier search left, if its first candidate was made from something else.
   *
   * @param first its name
   * @param key the digest of what it is made from now
   * @return whether there was such a candidate
   */
  boolean forgetOthers(String first, String key) {
    Candidate there = folder.get(first);
    boolean isOther = there != null && !there.key().equals(key);
    if (isOther) {
      folder.clear();
    }
    return isOther;
  }

  /** Whether an earlier search left it, made from the same. */
  boolean isKnown(String name, String key) {
    return folder.has(name, key);
  }

  /** What an earlier search left, taken as it is. */
  Optional<Candidate> known(String name, String key) {
    if (!folder.has(name, key)) {
      return Optional.empty();
    }
    Candidate candidate = folder.get(name);
    listener.note(name + ": taken from an earlier search");
    return Optional.of(keep(candidate));
  }

  /**
   * Writes and measures a model.
   *
   * @param from the candidate it was made from; empty for the first
   */
  Candidate add(String name, String from, String key, TrialModel made) {
    Candidate earlier = folder.get(name);
    if (earlier != null) {
      boolean isSame = earlier.key().equals(key);
      String why =
          isSame
              ? "its file is not as an earlier search left it"
              : "an earlier search made it otherwise";
      listener.note(name + ": " + why + ", so it is made anew");
    }
    IntegerParity parity = bench.parity(name, made);
    Candidate candidate =
        folder.candidate(
            name,
            key,
            made.graph(),
            (file, bytes, sha256) ->
                bench.measured(name, from, file, key, bytes, sha256, made, parity));
    if (!all.isEmpty()) {
      listener.note(candidate.summary());
    }
    return keep(candidate);
  }

  private Candidate keep(Candidate candidate) {
    all.add(candidate);
    heard.accept(soFar());
    return candidate;
  }

  /** Whether it loses no more than allowed, and says what was simulated. */
  boolean isWithin(Candidate candidate) {
    return candidate.isWithin(maxDrop);
  }

  /**
   * The best by wish of those within the limit that gain something; the model itself where none
   * does; where none is within the limit, the one that loses least.
   */
  Candidate best() {
    Comparator<Candidate> smallest = Comparator.comparingLong(Candidate::bytes);
    Comparator<Candidate> leastEffort = Comparator.comparingDouble(Candidate::effort);
    Comparator<Candidate> wish =
        prefer == Preference.SPEED
            ? leastEffort.thenComparing(smallest)
            : smallest.thenComparing(leastEffort);
    if (made().stream().anyMatch(this::isWithin)) {
      return made().stream()
          .filter(this::isWithin)
          .filter(c -> c.gains(whole(), prefer))
          .min(wish)
          .orElse(whole());
    }
    return made().stream()
        .filter(Candidate::isProved)
        .min(Comparator.comparingDouble(Candidate::drop))
        .orElse(whole());
  }

  /**
   * The best on the test set. One that gives what is no number there, or whose file cannot be read,
   * is left out, and the next best is taken.
   *
   * @throws RunFault if the model that was given gives what is no number there
   */
  Tested tested(Split test) {
    while (true) {
      Candidate best = best();
      try {
        return new Tested(best, bench.on(test, graph(best)));
      } catch (RunFault | InputFault e) {
        if (best.equals(whole())) {
          throw e;
        }
        String why = "on the test set: " + e.getMessage();
        listener.note(best.name() + ": left out, " + why);
        all.set(all.indexOf(best), best.with(why));
        heard.accept(soFar());
      }
    }
  }

  /**
   * A candidate on the test set.
   *
   * @param found what it answered
   */
  record Tested(Candidate candidate, Evaluation found) {}

  /** The model that was given. */
  Candidate whole() {
    return all.get(0);
  }

  /** Everything that was made of it. */
  List<Candidate> made() {
    return all.subList(1, all.size());
  }

  /** The model of a candidate. */
  Graph graph(Candidate candidate) {
    return OnnxReader.read(folder.path(candidate));
  }

  SearchState soFar() {
    return new SearchState(all, best());
  }
}
