package org.distill4j.run;

import static java.util.stream.Collectors.joining;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.LabelledSubset;
import org.distill4j.data.Splits;
import org.distill4j.engine.Optimizer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.fault.InputFault;
import org.distill4j.gate.GatePower;
import org.distill4j.graph.Graph;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Baseline;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.SearchSettings;
import org.distill4j.results.Results;
import org.distill4j.shapes.Cost;
import org.distill4j.step.ExportStage;
import org.distill4j.step.PrunePreview;
import org.distill4j.step.QuantizationAwareStep;
import org.distill4j.step.QuantizeStage;
import org.distill4j.step.StudentSpec;
import org.distill4j.views.Augmentation;

/**
 * The plan of a run: everything that it will do, told before anything is done. Reading it opens the
 * data and builds the nets, so that what does not fit is found here.
 *
 * @param recipe the recipe's name
 * @param data what it is made of, one line each
 * @param nets teacher and student, one line each
 * @param stages what will be done, in order, one line each
 * @param advice what the rules of thumb say already
 * @param memory what training will hold in memory at most, in bytes, estimated from the nets' sizes
 * @param disk what the run's folder will hold, in bytes, likewise
 * @param seconds how long it will take, estimated from multiply-adds
 */
public record Plan(
    String recipe,
    List<String> data,
    List<String> nets,
    List<String> stages,
    List<Results.Advice> advice,
    long memory,
    long disk,
    double seconds) {
  private static final long BYTES_PER_NUMBER = 4;

  /** Forward, gradients of activations: what a step keeps of every activation, roughly. */
  private static final long ACTIVATIONS_KEPT = 2;

  /**
   * Multiply-adds a second and thread of training and of running forward, and what each image costs
   * besides, in seconds: as measured with the nets of the quickstart on a Zen 3 core.
   */
  private static final double TRAINING_RATE = 32e9;

  private static final double TRAINING_IMAGE = 34e-6;
  private static final double FORWARD_RATE = 46e9;
  private static final double FORWARD_IMAGE = 10e-6;

  /** What measuring a model's latency takes, in seconds. */
  private static final double LATENCY = 1.8;

  private static final long MEGABYTE = 1_000_000;

  /**
   * Plans a recipe.
   *
   * @throws InputFault if recipe, data and models do not fit together
   */
  public static Plan of(Recipe recipe, ProgressListener listener) {
    CheckedRecipe checked = CheckedRecipe.of(recipe, RecipeRunner.defaultFolder(recipe), listener);
    return new Planner(
            recipe,
            checked.data(),
            checked.lessons().train().data(),
            checked.labelled(),
            checked.teacher(),
            checked.student(),
            DataFindings.of(checked))
        .plan();
  }

  /** As a person reads it. */
  public String text() {
    List<String> lines = new ArrayList<>();
    lines.add("recipe " + recipe);
    section(lines, "data", data);
    section(lines, "nets", nets);
    section(lines, "stages", stages);
    section(lines, "needs", needs());
    if (!advice.isEmpty()) {
      section(lines, "advice", advice.stream().map(Plan::spelled).toList());
    }
    return String.join(System.lineSeparator(), lines);
  }

  private List<String> needs() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "about %,d MB of memory for the largest training, %,d MB of disk (estimated)",
            memory / MEGABYTE + 1,
            disk / MEGABYTE + 1));
    long there =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    if (memory > there) {
      lines.add(
          String.format(
              Locale.ROOT,
              "MORE MEMORY than this machine's %,d MB: a smaller batch needs less",
              there / MEGABYTE));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "about %d:%02d minutes on a processor with AVX2 (estimated from multiply-adds)",
            Math.round(seconds) / 60,
            Math.round(seconds) % 60));
    return lines;
  }

  private static String spelled(Results.Advice advice) {
    return advice.id()
        + ": "
        + advice.says()
        + (advice.waived() == null ? "" : " (waived: " + advice.waived() + ")");
  }

  private static void section(List<String> lines, String title, List<String> content) {
    lines.add("");
    lines.add(title);
    content.forEach(line -> lines.add("  " + line));
  }

  /** Puts the lines together. */
  private record Planner(
      Recipe recipe,
      Splits splits,
      Dataset train,
      LabelledSubset labelled,
      Graph teacher,
      Graph student,
      List<String> findings) {
    Plan plan() {
      Cost teacherCost = Cost.of(teacher);
      Cost studentCost = Cost.of(student);
      List<String> stages = new ArrayList<>();
      Optional<TrainSettings> teaching = recipe.teacher().train();
      stages.add(
          teaching.isPresent()
              ? "teacher: "
                  + training(teaching.get(), splits.train().data().size())
                  + ", every label"
                  + augmented(recipe.teacher().augment())
              : "teacher: taken from " + recipe.teacher().file().orElseThrow());
      LabelCost labels =
          new LabelCost(
              recipe,
              train,
              forward(teacherCost, train.size()),
              training(studentCost, recipe.student().train()));
      boolean taught = recipe.distill().objective().needsTeacher();
      if (taught) {
        stages.addAll(labels.lines());
      }
      List<Baseline> baselines = StudentSpec.baselines(recipe, labelled);
      for (Baseline baseline : baselines) {
        long seen = baseline == Baseline.ALONE ? labelled.count() : train.size();
        stages.add(student(baseline.model(), seen, losses("cross-entropy")));
      }
      List<SearchSettings.Trial> trials =
          recipe.search().map(s -> s.trials(recipe.distill())).orElse(List.of());
      trials.forEach(
          t -> stages.add(student(t.name(), labelled.count(), losses(t.distill().formula()))));
      stages.add(
          trials.isEmpty()
              ? student(ModelNames.STUDENT, labelled.count(), losses(recipe.distill().formula()))
              : "student: the trial that does best on validation");
      if (recipe.student().correctBias()) {
        stages.add(
            ModelNames.CORRECTED
                + ": the biases of "
                + recipe.student().omit()
                + " moved by validation");
      }
      recipe
          .prune()
          .map(p -> training(p.train(recipe.student().train()), train.size()))
          .ifPresent(t -> stages.addAll(PrunePreview.of(student, recipe, t).lines()));
      recipe.quantize().ifPresent(q -> stages.addAll(QuantizeStage.plan(recipe, q, train.size())));
      if (recipe.seeds().count() > 1) {
        stages.add(repeated());
      }
      recipe.export().ifPresent(e -> stages.add(ExportStage.NAME + ": " + e.says()));
      stages.add(
          String.format(
              Locale.ROOT,
              "evaluation: each model on %,d test examples, %s",
              splits.test().data().size(),
              recipe.target().isHere()
                  ? "latency at batch 1 on 1 thread"
                  : "no latency, as target "
                      + recipe.target().spelling()
                      + " is not this machine"));
      stages.addAll(new GatePower(recipe, splits).lines());
      List<String> data = new ArrayList<>(DataLines.of(splits, train, labelled));
      data.addAll(findings);
      return new Plan(
          recipe.name(),
          data,
          NetLines.of(recipe, train, teacher, student),
          stages,
          new Advisor(recipe, splits, labelled, student, "./distill4j run RECIPE.yaml")
              .beforehand(teacher, forward(teacherCost, train.size())),
          Math.max(
              teaching.map(t -> memory(teacherCost, t, splits.train().data().size())).orElse(0L),
              memory(studentCost, recipe.student().train(), train.size())),
          chains() * ((taught ? labels.bytes() : 0) + disk(teacherCost, teaching))
              + (students(baselines) + trials.size())
                  * disk(studentCost, Optional.of(recipe.student().train())),
          chains()
                  * (teaching.map(t -> training(teacherCost, t)).orElse(0.0)
                      + (taught ? labels.seconds() : 0)
                      + evaluation(teacherCost))
              + (students(baselines) + Math.max(0, trials.size() - 1))
                  * training(studentCost, recipe.student().train())
              + students(baselines) * evaluation(studentCost)
              + QuantizationAwareStep.runs(recipe)
                  * training(studentCost, recipe.student().train()));
    }

    private String repeated() {
      return "all that with each of the seeds %s to %s, %s"
              .formatted(
                  recipe.seed(),
                  recipe.seed() + recipe.seeds().count() - 1,
                  recipe.seeds().areChains()
                      ? "the teacher too"
                      : "but for teacher and labels, which all share")
          + (recipe.search().isPresent() ? "; the search is that of the first" : "");
    }

    private int chains() {
      return recipe.seeds().areChains() ? recipe.seeds().count() : 1;
    }

    private int students(List<Baseline> baselines) {
      return recipe.seeds().count() * (1 + baselines.size());
    }

    /** Forward, and twice as much backward, for every image of every epoch. */
    private double training(Cost cost, TrainSettings settings) {
      double perImage = 3 * cost.macs() / (TRAINING_RATE * recipe.threadsHere()) + TRAINING_IMAGE;
      return settings.epochs() * train.size() * perImage;
    }

    private double forward(Cost cost, long examples) {
      return examples * (cost.macs() / (FORWARD_RATE * recipe.threadsHere()) + FORWARD_IMAGE);
    }

    private double evaluation(Cost cost) {
      return forward(cost, splits.test().data().size()) + LATENCY;
    }

    /** A formula with the losses that the data's task has. */
    private String losses(String formula) {
      return switch (splits.task()) {
        case SINGLE_LABEL -> formula;
        case MULTI_LABEL ->
            formula
                .replace("cross-entropy", "binary cross-entropy")
                .replace("KL", "KL of each class");
        case REGRESSION ->
            formula
                .replace("cross-entropy", "squared error")
                .replace("T² x KL", "squared distance to the teacher")
                .replaceAll(", T = .*", "");
      };
    }

    private String student(String name, long labels, String loss) {
      return String.format(
          Locale.ROOT,
          "%s: %s, %,d labels, %s%s",
          name,
          training(recipe.student().train(), train.size()) + unseen(),
          labels,
          loss,
          augmented(recipe.student().augment()));
    }

    private String unseen() {
      return recipe.student().omit().isEmpty() ? "" : ", without " + recipe.student().omit();
    }

    private static String augmented(List<Augmentation> steps) {
      return steps.isEmpty()
          ? ""
          : steps.stream().map(Augmentation::says).collect(joining(", ", ", augmented by ", ""));
    }

    private static String training(TrainSettings settings, long examples) {
      long batch = Math.min(settings.batch(), examples);
      return String.format(
          Locale.ROOT,
          "%,d steps (%d epochs of %,d), batch %d, %s, %s%s",
          settings.epochs() * (examples / batch),
          settings.epochs(),
          examples / batch,
          batch,
          settings.optimizer().says(),
          settings.rate().says(),
          settings.patience() > 0 ? ", stops after " + settings.patience() + " worse epochs" : "");
    }

    /** Weights, gradients and the optimizer's memory, and the activations of a batch. */
    private static long memory(Cost cost, TrainSettings settings, long examples) {
      return cost.parameters() * BYTES_PER_NUMBER * (2 + slots(settings))
          + cost.activationBytes() * Math.min(settings.batch(), examples) * ACTIVATIONS_KEPT;
    }

    /** The model, and the checkpoint beside it. */
    private static long disk(Cost cost, Optional<TrainSettings> settings) {
      int copies = settings.map(s -> 2 + slots(s) + (s.patience() > 0 ? 1 : 0)).orElse(1);
      return cost.parameters() * BYTES_PER_NUMBER * copies;
    }

    private static int slots(TrainSettings settings) {
      return settings.optimizer() instanceof Optimizer.Sgd sgd ? (sgd.momentum() > 0 ? 1 : 0) : 2;
    }
  }
}
