package org.distill4j.search;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.distill4j.data.Splits;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.PostTraining;
import org.distill4j.quantize.Preference;
import org.distill4j.quantize.QuantizationCandidates;
import org.distill4j.quantize.QuantizeSettings;
import org.distill4j.quantize.RepairLadder;
import org.distill4j.quantize.SlowLayers;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.ptq.DynamicIntegers;
import org.distill4j.quantize.ptq.RangeMode;
import org.distill4j.quantize.ptq.Repair;
import org.distill4j.quantize.qat.QuantizationAwareTraining;

/**
 * Candidates of integers made from one of floats, as the {@link RepairLadder} goes. Each rung tries
 * all observers and keeps the one that loses least.
 */
final class QuantizationTrials implements RepairLadder.Trier {
  /** What is not proved, or cannot be made, is of no use: it loses more than any limit grants. */
  private static final double NO_USE = Double.POSITIVE_INFINITY;

  /** Of the time that is left: layers may have to stay float afterwards. */
  private static final double TRAINING = .5;

  private final Candidate floats;
  private final Graph graph;
  private final Splits data;
  private final Limits limits;
  private final CompressSettings wanted;
  private final Candidates candidates;
  private final CandidateMeasurement bench;
  private final ProgressListener listener;
  private final int threads;
  private final Optional<SelfDistillation> school;
  private final int bits;
  private final QuantizationCandidates attempts;
  private final List<Candidate> made = new ArrayList<>();
  private double quickest = 0; // seconds that the quickest rung took
  private Budget time;
  private QuantizationAwareTraining.School lesson; // of the rung under way

  /**
   * Of one float model.
   *
   * @param floats the candidate
   * @param school trains them on as the last repair; empty where nothing is trained
   */
  QuantizationTrials(
      Candidate floats,
      Splits data,
      Limits limits,
      CompressSettings wanted,
      Candidates candidates,
      CandidateMeasurement bench,
      Optional<SelfDistillation> school,
      int threads,
      ProgressListener listener) {
    QuantizeSettings settings = settings(limits);
    this.school = school;
    this.floats = floats;
    this.graph = candidates.graph(floats);
    this.data = data;
    this.limits = limits;
    this.wanted = wanted;
    this.candidates = candidates;
    this.bench = bench;
    this.listener = listener;
    this.threads = threads;
    this.bits = settings.integers(wanted.target()).weightBits();
    this.attempts =
        new QuantizationCandidates(
            graph,
            data,
            settings,
            wanted.target(),
            school.map(s -> (net, temperature) -> lesson.trainer(net, temperature)),
            threads,
            listener);
  }

  /** Everything open but the examples, and nothing balanced on the first rung. */
  private static QuantizeSettings settings(Limits limits) {
    return new QuantizeSettings(
        RangeMode.STATIC,
        Optional.empty(),
        limits.samples(),
        Optional.empty(),
        0,
        false,
        List.of(),
        Optional.empty(),
        List.of(),
        Optional.of(SelfDistillation.AWARE),
        Preference.BYTES);
  }

  /**
   * Makes candidates until one is within the limit, or the time is up. The first is made in any
   * case.
   */
  void run(Budget budget) {
    this.time = budget;
    if (wanted.form() == RangeMode.DYNAMIC) {
      addDynamic();
      return;
    }
    new RepairLadder(this, limits.maxDrop(), () -> budget.allows(quickest), listener)
        .climb(Set.of());
    if (wanted.prefer() == Preference.SPEED && budget.allows(quickest)) {
      addFastest();
    }
  }

  /** As a rung is called, or {@code pruned-50-int8} where it is made from {@code pruned-50}. */
  private String named(String rung) {
    return floats.from().isEmpty() ? rung : floats.name() + "-" + rung;
  }

  private void addDynamic() {
    String name = named("int8-dynamic");
    String key = key(name, Set.of(), Set.of());
    if (candidates.known(name, key).isEmpty()) {
      attempted(name, this::dynamic)
          .ifPresent(model -> candidates.add(name, floats.name(), key, model));
    }
  }

  private TrialModel dynamic() {
    DynamicIntegers dynamic =
        DynamicIntegers.of(graph, data.train().data(), bits, Set.of(), threads, listener);
    return new TrialModel(
        dynamic.graph(),
        bench.on(data.validation(), dynamic.graph()),
        "",
        List.of(),
        bits,
        List.of(),
        0);
  }

  /** What is made for one candidate; empty where that is not possible: the search goes on. */
  private <T> Optional<T> attempted(String name, Supplier<T> made) {
    try {
      return Optional.of(made.get());
    } catch (InputFault e) {
      listener.note(name + ": not made, " + e.lines().get(0));
    } catch (RunFault e) {
      listener.note(name + ": not made, " + e.getMessage());
    }
    return Optional.empty();
  }

  /** The fastest so far with the layers float that integers slow down. */
  private void addFastest() {
    if (made.isEmpty()) {
      return;
    }
    Candidate best =
        made.stream()
            .filter(candidates::isWithin)
            .min((a, b) -> Double.compare(a.effort(), b.effort()))
            .orElse(made.get(0));
    Set<Repair> repairs =
        best.repairs().stream().map(Repair::valueOf).collect(Collectors.toUnmodifiableSet());
    Set<String> floating = new HashSet<>(best.keptFloat());
    List<String> layers = new ArrayList<>(attempts.layers(repairs));
    layers.removeAll(floating);
    Optional<Set<String>> found =
        attempted(named("int8-fast"), () -> slow(best, repairs, floating, layers));
    if (found.isEmpty()) {
      return;
    }
    Set<String> slow = found.get();
    floating.addAll(slow);
    if (slow.size() == layers.size()) {
      listener.note(
          named("int8-fast") + ": every layer is faster float, so 8 bits gain no speed here");
    } else if (!slow.isEmpty()) {
      drop(new RepairLadder.Rung("int8-fast", repairs, floating));
    }
  }

  private Set<String> slow(
      Candidate best, Set<Repair> repairs, Set<String> floating, List<String> layers) {
    return new SlowLayers(
            more -> {
              Set<String> together = new HashSet<>(floating);
              together.addAll(more);
              return attempts.integers(Observer.valueOf(best.observer()), repairs, together);
            },
            listener)
        .among(layers);
  }

  @Override
  public double drop(RepairLadder.Rung rung) {
    return lost(rung, () -> attempts.made(rung).best()).orElse(NO_USE);
  }

  @Override
  public OptionalDouble trained(RepairLadder.Rung rung) {
    String name = named(rung.name());
    String key = key(name, rung.repairs(), rung.keepFloat());
    if (!candidates.isKnown(name, key)) {
      int trainings = SelfDistillation.AWARE.trainings(true);
      if (school.isEmpty()) {
        return OptionalDouble.empty();
      }
      if (!school.get().endsInLogits() || !school.get().canTeach(trainings, time)) {
        String why = school.get().endsInLogits() ? time.says() : "the model ends in probabilities";
        listener.note(name + ": not begun, " + why);
        return OptionalDouble.empty();
      }
      lesson = school.get().rounding(name, key, time.part(TRAINING));
    }
    OptionalDouble drop = lost(rung, () -> attempts.train(rung).best());
    if (drop.isPresent()) {
      school.ifPresent(s -> s.forget(name));
    }
    return drop;
  }

  /** What a rung loses, taken from an earlier search or made now; empty where it cannot be made. */
  private OptionalDouble lost(RepairLadder.Rung rung, Supplier<PostTraining.Trial> trial) {
    String name = named(rung.name());
    String key = key(name, rung.repairs(), rung.keepFloat());
    long start = System.nanoTime();
    Optional<Candidate> known = candidates.known(name, key);
    Optional<Candidate> last =
        known.or(
            () ->
                attempted(name, () -> TrialModel.integers(trial.get(), bits, rung.keepFloat()))
                    .map(model -> candidates.add(name, floats.name(), key, model)));
    if (known.isEmpty()) {
      double took = (System.nanoTime() - start) / 1e9;
      quickest = quickest == 0 ? took : Math.min(quickest, took);
    }
    if (last.isEmpty()) {
      return OptionalDouble.empty();
    }
    made.add(last.get());
    return OptionalDouble.of(last.get().isProved() ? last.get().drop() : NO_USE);
  }

  @Override
  public boolean changes(Repair repair, RepairLadder.Rung rung) {
    String name = named(rung.name());
    return candidates.isKnown(name, key(name, rung.repairs(), rung.keepFloat()))
        || attempted(name, () -> attempts.changes(repair, rung)).orElse(false);
  }

  @Override
  public List<String> layers(Set<Repair> repairs) {
    return attempted(named("int8"), () -> attempts.layers(repairs)).orElse(List.of());
  }

  @Override
  public List<String> bySensitivity(Set<Repair> repairs) {
    return attempts.bySensitivity(repairs);
  }

  private String key(String name, Set<Repair> repairs, Set<String> keepFloat) {
    return CandidateKind.INTEGERS
        .key()
        .from("candidate", floats.key())
        .with("name", name)
        .with("repairs", repairs.stream().sorted().toList())
        .with("keep-float", keepFloat.stream().sorted().toList())
        .with("samples", limits.samples())
        .with("target", wanted.target())
        .with("weight-bits", bits)
        .sha256();
  }
}
