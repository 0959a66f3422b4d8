package org.distill4j.recipe;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.distill4j.advice.RuleOfThumb;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.data.source.DataSettings;
import org.distill4j.eval.Slices;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;
import org.distill4j.quantize.ptq.TargetMachine;

/** Refuses a gate that a run cannot measure: what was not measured must not pass. */
public final class GateCheck {
  /** Rules of thumb that speak of the one class of an example. */
  private static final Set<RuleOfThumb> SINGLE_LABEL =
      EnumSet.of(
          RuleOfThumb.TEMPERATURE_START,
          RuleOfThumb.TRANSFER_SET,
          RuleOfThumb.LABEL_QUALITY,
          RuleOfThumb.DISTIL_FIRST,
          RuleOfThumb.WEAK_TEACHER,
          RuleOfThumb.UNFIT_TEACHER);

  /** Rules of thumb that speak of classes. */
  private static final Set<RuleOfThumb> CLASSES =
      EnumSet.of(RuleOfThumb.CAPACITY, RuleOfThumb.FAMILY, RuleOfThumb.EXPECTED_GAIN);

  /** Rules of thumb that hold without a teacher's lessons. */
  private static final Set<RuleOfThumb> UNTAUGHT =
      EnumSet.of(RuleOfThumb.LOGITS, RuleOfThumb.INPUT_BOUND, RuleOfThumb.TRAINING_HEALTH);

  private final StudentSettings student;
  private final DistillSettings distill;
  private final Optional<SearchSettings> search;
  private final TargetMachine target;
  private final List<Baseline> baselines;
  private final List<String> models;
  private final TaskType task;

  /**
   * A check of the parts of a recipe.
   *
   * @param target the machine that the models are for
   * @param models the names of the models that it makes, the last one being what ships
   */
  GateCheck(
      DataSettings data,
      StudentSettings student,
      DistillSettings distill,
      Optional<SearchSettings> search,
      TargetMachine target,
      List<Baseline> baselines,
      List<String> models) {
    this.student = student;
    this.distill = distill;
    this.search = search;
    this.target = target;
    this.baselines = baselines;
    this.models = models;
    this.task = data.columns().taskOrUsual();
  }

  /**
   * Checks what a recipe alone tells.
   *
   * @throws IllegalArgumentException that names the part of the recipe
   */
  void check(AdviceSettings advice, Optional<GateSettings> gate) {
    advice.gate().forEach(this::rule);
    List<Limit> limits = gate.map(GateSettings::limits).orElse(List.of());
    for (int i = 0; i < limits.size(); i++) {
      limit(limits.get(i), "gate.limits." + i);
    }
  }

  /**
   * Checks what the data tell.
   *
   * @throws InputFault with a line for each limit that cannot be measured on them
   */
  public static void on(Recipe recipe, Splits splits) {
    List<String> faults = new ArrayList<>();
    List<Limit> limits = recipe.gate().map(GateSettings::limits).orElse(List.of());
    Dataset data = splits.test().data();
    for (int i = 0; i < limits.size(); i++) {
      String path = "gate.limits." + i;
      if (limits.get(i) instanceof Quality quality && quality.reads() == Limit.Reads.BOUND) {
        Optional<String> why = quality.metric().unbounded(data.task(), data.classes().size());
        why.ifPresent(w -> faults.add(path + ".reads: bound (expected: point; " + w + ")"));
      } else if (limits.get(i) instanceof Limit.WorstSlice slice
          && !slice.by().equals(Limit.WorstSlice.CLASS)) {
        try {
          Slices.requireColumn(data, slice.by());
        } catch (InputFault e) {
          faults.add(path + ".by: " + e.getMessage());
        }
      }
    }
    if (recipe.advice().gate().contains(RuleOfThumb.LABELS_BRING_MORE)
        && recipe.student().labelled().orElse(Long.MAX_VALUE) >= splits.train().data().size()) {
      faults.add(
          "advice.gate, student.labelled: labels-bring-more, every label (expected: labels that the"
              + " student does not see)");
    }
    if (recipe.advice().gate().contains(RuleOfThumb.WEAK_TEACHER)
        && recipe.teacher().expected(data.name()).isEmpty()) {
      faults.add(
          "advice.gate, teacher.expect: weak-teacher, absent (expected: the accuracy that a good teacher has; none is known for this net on data '%s')"
              .formatted(data.name()));
    }
    if (!faults.isEmpty()) {
      throw new InputFault(faults);
    }
  }

  private void rule(RuleOfThumb rule) {
    if (!taught() && !UNTAUGHT.contains(rule)) {
      refuse(rule, "distill.soft", "0", "a soft weight > 0, or another rule");
    } else if (rule == RuleOfThumb.WORSE_THAN_ALONE && !baselines.contains(Baseline.ALONE)) {
      refuse(rule, "baselines", "no alone", "alone among them");
    } else if (rule == RuleOfThumb.LABELS_BRING_MORE && !baselines.contains(Baseline.ALL_LABELS)) {
      refuse(rule, "baselines", "no all-labels", "all-labels among them");
    } else if (rule == RuleOfThumb.LABELS_BRING_MORE && student.labelled().isEmpty()) {
      refuse(rule, "student.labelled", "every label", "labels that the student does not see");
    } else if (rule == RuleOfThumb.TEMPERATURE_AT_EDGE && search.isEmpty()) {
      refuse(rule, "search", "absent", "a search for the temperature");
    } else if (rule == RuleOfThumb.TEMPERATURE_AT_EDGE && search.get().temperature().isEmpty()) {
      refuse(rule, "search.temperature", "[]", "values to try");
    } else if (task != TaskType.SINGLE_LABEL && SINGLE_LABEL.contains(rule)) {
      refuse(rule, "data.task", task.spelling(), "single-label, or another rule");
    } else if (task == TaskType.REGRESSION && CLASSES.contains(rule)) {
      refuse(rule, "data.task", task.spelling(), "a task with classes, or another rule");
    }
  }

  private static void refuse(RuleOfThumb rule, String other, String value, String expected) {
    throw new IllegalArgumentException(
        "advice.gate, %s: %s, %s (expected: %s)".formatted(other, rule.id(), value, expected));
  }

  private void limit(Limit limit, String path) {
    String model = limit.model().orElse(models.get(models.size() - 1));
    require(models.contains(model), path + ".model: '" + model + "'", oneOf(models));
    if (limit instanceof Limit.BeatsAlone) {
      require(
          baselines.contains(Baseline.ALONE),
          path + ", baselines: beats-alone, no alone",
          "alone among them");
      require(
          taught(),
          path + ", distill.soft: beats-alone, 0",
          "a soft weight > 0; without a teacher the student is the lone one");
    }
    for (String other : limit.others()) {
      require(models.contains(other), path + ".against: '" + other + "'", oneOf(models));
      require(!other.equals(model), path + ".model: '" + model + "'", "another one than " + other);
    }
    task(limit, path);
  }

  private boolean taught() {
    return distill.objective().needsTeacher();
  }

  private void task(Limit limit, String path) {
    boolean numbers = task == TaskType.REGRESSION;
    String expected = "one that data.task " + task.spelling() + " has";
    if (limit instanceof Quality quality) {
      boolean ofNumbers = quality.metric().lessIsBetter();
      require(ofNumbers == numbers, path + ": " + quality.title(), expected);
    } else if (limit instanceof Limit.Agreement) {
      require(!numbers, path + ": agreement", expected);
    } else if (limit instanceof Limit.Latency) {
      require(
          target.isHere(),
          path + ", target: latency, " + target.spelling(),
          "target: here, for no time is measured for another machine");
    } else if (limit instanceof Limit.Drop drop && !numbers) {
      require(drop.most() <= 1, path + ".most: " + drop.most(), "0 to 1, a share");
    } else if (limit instanceof Limit.BeatsAlone alone && !numbers) {
      require(alone.by() < 1, path + ".by: " + alone.by(), "0 <= by < 1, a share");
    } else if (limit instanceof Limit.WorstSlice slice) {
      require(
          slice.most().isPresent() == numbers,
          path + ": " + (slice.most().isPresent() ? "most" : "least"),
          numbers
              ? "most: a mean absolute error, as data.task is regression"
              : "least: an accuracy, as data.task is " + task.spelling());
      require(
          task == TaskType.SINGLE_LABEL || !slice.by().equals(Limit.WorstSlice.CLASS),
          path + ".by: class",
          "a table's column, as data.task is " + task.spelling());
    }
  }

  private static void require(boolean holds, String fault, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(fault + " (expected: " + expected + ")");
    }
  }

  private static String oneOf(List<String> models) {
    return "a model of the run: " + String.join(", ", models);
  }
}
