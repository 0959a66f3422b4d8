package org.distill4j.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.distill4j.data.Split;
import org.distill4j.eval.Estimate;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.PairedErrors;
import org.distill4j.eval.PooledComparison;
import org.distill4j.eval.Slices;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.TaskType;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.recipe.Baseline;
import org.distill4j.recipe.Limit;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.Quality;
import org.distill4j.results.Gate;
import org.distill4j.storage.AtomicFile;

/** The evaluation of a gate: compares what was measured on one split with the gate's limits. */
public final class GateEvaluator {
  private final Split split;
  private final Map<String, List<Evaluation>> evaluations;
  private final Map<String, Path> files;
  private final String last;

  /**
   * A judge of models.
   *
   * @param split what was measured on
   * @param evaluations of each model on that split, one for each seed
   * @param files of each model, of the first seed
   * @param last the model that a limit is about which names none
   */
  public GateEvaluator(
      Split split,
      Map<String, List<Evaluation>> evaluations,
      Map<String, Path> files,
      String last) {
    this.split = split;
    this.evaluations = evaluations;
    this.files = files;
    this.last = last;
  }

  /** One or two rules for each limit, in their order. */
  public List<Gate.Rule> rules(List<Limit> limits) {
    List<Gate.Rule> rules = new ArrayList<>();
    for (Limit limit : limits) {
      String model = limit.model().orElse(last);
      if (!evaluations.containsKey(model) || !evaluations.keySet().containsAll(limit.others())) {
        rules.add(unmeasured(limit, model, null));
      } else if (limit instanceof Quality quality) {
        rules.add(quality(quality, model));
      } else if (limit instanceof Limit.Drop drop) {
        rules.add(drop(drop, model));
      } else if (limit instanceof Limit.BeatsAlone alone) {
        rules.add(beatsAlone(alone, model));
      } else if (limit instanceof Limit.Agreement agreement) {
        rules.add(agreement(agreement, model));
      } else if (limit instanceof Limit.WorstSlice slice) {
        rules.add(slice(slice, model));
      } else if (limit instanceof Limit.Bytes bytes) {
        rules.add(bytes(bytes, model));
      } else if (limit instanceof Limit.Latency latency) {
        latency(latency, model, rules);
      }
    }
    return rules;
  }

  private boolean numbers() {
    return split.data().task() == TaskType.REGRESSION;
  }

  private Gate.Rule quality(Quality limit, String model) {
    Optional<Estimate> found = limit.metric().of(evaluations.get(model));
    return found.isPresent()
        ? measured(
            limit, model, limit.title(), found.get(), limit.limit(), limit.metric().lessIsBetter())
        : unmeasured(limit, model, limit.limit());
  }

  private Gate.Rule drop(Limit.Drop limit, String model) {
    Estimate lost = against(model, limit.against(), -1);
    return measured(limit, model, limit.title(), lost, limit.most(), true);
  }

  private Gate.Rule beatsAlone(Limit.BeatsAlone limit, String model) {
    Estimate won = against(model, Baseline.ALONE.model(), 1);
    double value = limit.reads() == Limit.Reads.BOUND ? won.low() : won.value();
    return rule(limit, model, limit.title(), won, value, limit.by(), value > limit.by());
  }

  /** How much better a model is than another, or how much worse with a sign of -1. */
  private Estimate against(String model, String other, int sign) {
    double delta;
    double low;
    double high;
    int n;
    if (numbers()) { // fewer errors are better
      PairedErrors errors = PairedErrors.of(evaluations.get(model), evaluations.get(other));
      delta = -errors.delta();
      low = -errors.high();
      high = -errors.low();
      n = errors.n();
    } else {
      PooledComparison compared =
          PooledComparison.of(evaluations.get(model), evaluations.get(other));
      delta = compared.delta();
      low = compared.low();
      high = compared.high();
      n = compared.n();
    }
    return sign > 0 ? new Estimate(delta, low, high, n) : new Estimate(0 - delta, -high, -low, n);
  }

  private Gate.Rule agreement(Limit.Agreement limit, String model) {
    List<Evaluation> own = evaluations.get(model);
    List<Evaluation> teachers = evaluations.get(ModelNames.TEACHER);
    List<Estimate> seeds = new ArrayList<>();
    for (int s = 0; s < own.size(); s++) {
      Evaluation teacher = teachers.get(teachers.size() == 1 ? 0 : s);
      long same = Math.round(own.get(s).agreement(teacher) * own.get(s).n());
      seeds.add(Estimate.share(same, own.get(s).n()));
    }
    return measured(
        limit, model, limit.title(), Estimate.pooled(seeds).within(0, 1), limit.least(), false);
  }

  private Gate.Rule slice(Limit.WorstSlice limit, String model) {
    Slices slices =
        limit.by().equals(Limit.WorstSlice.CLASS)
            ? Slices.byClass(split.data())
            : Slices.byColumn(split.data(), limit.by());
    boolean bound = limit.reads() == Limit.Reads.BOUND;
    List<Slices.Slice> all = slices.of(evaluations.get(model), limit.smallest());
    double demanded = limit.least().or(limit::most).orElseThrow();
    if (all.isEmpty()) {
      return unmeasured(limit, model, demanded);
    }
    Slices.Slice worst = all.get(0);
    for (Slices.Slice slice : all) {
      if (bound
          && (numbers()
              ? slice.estimate().high() > worst.estimate().high()
              : slice.estimate().low() < worst.estimate().low())) {
        worst = slice;
      }
    }
    String title = limit.title() + " (" + worst.name() + ")";
    return measured(limit, model, title, worst.estimate(), demanded, numbers());
  }

  private Gate.Rule bytes(Limit.Bytes limit, String model) {
    long bytes = size(files.get(model));
    return new Gate.Rule(
        limit.title(),
        model,
        split.purpose(),
        spelled(limit.reads()),
        bytes,
        limit.most(),
        null,
        null,
        bytes <= limit.most(),
        String.format(Locale.ROOT, "%s: %,d bytes (demanded: %s)", model, bytes, limit.demand()));
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new RunFault(file + ": cannot be read: " + AtomicFile.reason(e), e);
    }
  }

  /** Measured here and now: a rule for each percentile that is demanded. */
  private void latency(Limit.Latency limit, String model, List<Gate.Rule> rules) {
    org.distill4j.inference.Latency found;
    try (Predictor predictor =
        new OnnxRuntime().open(OnnxReader.read(files.get(model)), limit.threads())) {
      found = org.distill4j.inference.Latency.measure(predictor, limit.batch(), limit.threads());
    }
    limit.p50().ifPresent(ms -> rules.add(latency(limit, model, "p50", found.p50Ms(), ms)));
    limit.p95().ifPresent(ms -> rules.add(latency(limit, model, "p95", found.p95Ms(), ms)));
  }

  private Gate.Rule latency(
      Limit.Latency limit, String model, String percentile, double found, double most) {
    String title = percentile + " " + limit.title();
    return new Gate.Rule(
        title,
        model,
        split.purpose(),
        spelled(limit.reads()),
        found,
        most,
        null,
        null,
        found <= most,
        String.format(
            Locale.ROOT,
            "%s: %s %.3f ms (demanded: at most %s ms)",
            model,
            title,
            found,
            Limit.number(most)));
  }

  private Gate.Rule measured(
      Limit limit, String model, String title, Estimate found, double demanded, boolean less) {
    boolean bound = limit.reads() == Limit.Reads.BOUND;
    double value = bound ? (less ? found.high() : found.low()) : found.value();
    boolean kept = less ? value <= demanded : value >= demanded; // NaN is kept by neither
    return rule(limit, model, title, found, value, demanded, kept);
  }

  private Gate.Rule rule(
      Limit limit,
      String model,
      String title,
      Estimate found,
      double value,
      double demanded,
      boolean kept) {
    boolean bound = limit.reads() == Limit.Reads.BOUND;
    String says =
        String.format(
            Locale.ROOT,
            "%s: %s %.4g (%sn = %,d; demanded: %s%s)",
            model,
            title,
            found.value(),
            Double.isNaN(found.low()) // a measure whose certainty is not known
                ? ""
                : String.format(Locale.ROOT, "95 %% CI %.4g to %.4g, ", found.low(), found.high()),
            found.n(),
            limit.demand(),
            bound ? " at the bound, which is " + String.format(Locale.ROOT, "%.4g", value) : "");
    return new Gate.Rule(
        title,
        model,
        split.purpose(),
        spelled(limit.reads()),
        Double.isNaN(value) ? null : (Object) value,
        demanded,
        bound ? found.value() : null,
        found.n(),
        kept,
        says);
  }

  /** What was not measured is not kept. */
  private Gate.Rule unmeasured(Limit limit, String model, Object demanded) {
    return new Gate.Rule(
        limit.title(),
        model,
        split.purpose(),
        spelled(limit.reads()),
        null,
        demanded,
        null,
        null,
        false,
        "%s: %s was not measured (demanded: %s)".formatted(model, limit.title(), limit.demand()));
  }

  private static String spelled(Limit.Reads reads) {
    return reads.name().toLowerCase(Locale.ROOT);
  }
}
