package org.distill4j.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.distill4j.data.Dataset;
import org.distill4j.data.Split;
import org.distill4j.data.Splits;
import org.distill4j.engine.TrainSettings;
import org.distill4j.eval.Estimate;
import org.distill4j.eval.Metric;
import org.distill4j.graph.TaskType;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.Recipe;

/**
 * What a person should know of data and trainings before they believe a run, each with its figure:
 * parts too small to judge by, classes that are hardly there, columns of one value, examples of the
 * test that training has seen, what models are judged by where classes are uneven, a warm-up that
 * never ends.
 */
final class DataFindings {
  /** A part that knows an accuracy no better than to that is too small to judge by. */
  private static final double KNOWN = 0.1;

  /** Fewer copies than this share are chance, or rows of few columns. */
  private static final double COPIES = 0.01;

  /** Copies have the label of what they are copied from; here and there one was mended. */
  private static final double ALIKE = 0.02;

  /** Chance explains copies if it brings so many of them. */
  private static final double BY_CHANCE = 0.2;

  private static final int NAMED = 8;

  private final Recipe recipe;
  private final Splits data;
  private final Dataset train;
  private final List<String> lines = new ArrayList<>();

  private DataFindings(CheckedRecipe checked) {
    this.recipe = checked.recipe();
    this.data = checked.data();
    this.train = checked.lessons().train().data();
  }

  /** A sentence for each. */
  static List<String> of(CheckedRecipe checked) {
    DataFindings found = new DataFindings(checked);
    if (found.data.task() != TaskType.REGRESSION) {
      found.size(found.data.validation());
      found.size(found.data.test());
    }
    if (found.data.task() == TaskType.SINGLE_LABEL) {
      found.classes();
      found.measure();
    }
    found.constants();
    found.copies();
    found.warmUp(ModelNames.STUDENT, found.recipe.student().train(), found.train.size());
    found
        .recipe
        .teacher()
        .train()
        .ifPresent(t -> found.warmUp(ModelNames.TEACHER, t, found.data.train().data().size()));
    return List.copyOf(found.lines);
  }

  private void add(String line, Object... figures) {
    lines.add(String.format(Locale.ROOT, line, figures));
  }

  private void size(Split part) {
    int n = (int) Math.min(Integer.MAX_VALUE, part.data().size());
    Estimate half = Estimate.share(n / 2, n);
    double known = (half.high() - half.low()) / 2;
    if (known > KNOWN) {
      add(
          "the %s part is too small to judge by: %,d examples know an accuracy to ± %.0f points",
          part.purpose(), n, 100 * known);
    }
  }

  private void classes() {
    long[] trained = counts(data.train().data());
    long[] tested = counts(data.test().data());
    classes("%s one training example", k -> trained[k] == 1);
    classes("%s no training example", k -> trained[k] == 0);
    classes("%s no test example: nothing is measured of it", k -> tested[k] == 0);
  }

  private void classes(String line, IntPredicate which) {
    List<String> names =
        IntStream.range(0, train.classes().size())
            .filter(which)
            .mapToObj(k -> "'" + train.classes().get(k) + "'")
            .toList();
    if (!names.isEmpty()) {
      String more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
      String first = String.join(", ", names.subList(0, Math.min(NAMED, names.size()))) + more;
      add(
          line,
          (names.size() == 1 ? "class " + first + " has" : "classes " + first + " each have"));
    }
  }

  private void measure() {
    Metric metric = Metric.suiting(train);
    if (metric == Metric.ACCURACY) {
      return;
    }
    long[] counts = counts(train);
    int most = IntStream.range(0, counts.length).reduce(0, (a, b) -> counts[b] > counts[a] ? b : a);
    String area = metric == Metric.AVERAGE_PRECISION ? ", log loss and AUC" : " and log loss";
    add(
        "classes are %s: '%s' has %.1f %% of the training examples; teacher and student are held against"
            + " chance by balanced accuracy%s, early stopping goes by log loss, search and gate"
            + " retries by %s",
        train.classWeights().isEmpty() ? "uneven" : "weighed",
        train.classes().get(most),
        100.0 * counts[most] / train.size(),
        area,
        metric.title());
  }

  private void constants() {
    ConstantColumns constant = ConstantColumns.of(train);
    List<String> names = constant.names();
    if (names.size() > NAMED) {
      add(
          "%,d of %,d columns hold one value in all training examples: nothing is learnt from them",
          names.size(), constant.of());
    } else if (names.size() > 1) {
      add(
          "columns %s each hold one value in all training examples: nothing is learnt from them",
          String.join(", ", names));
    } else if (!names.isEmpty()) {
      add(
          "column %s holds one value in all training examples: nothing is learnt from it",
          names.get(0));
    }
  }

  private void copies() {
    Dataset test = data.test().data();
    TrainingCopies found = TrainingCopies.of(train, test);
    double share = (double) found.count() / test.size();
    if (found.count() == 0 || share < COPIES) {
      return;
    }
    String alike =
        String.format(
            Locale.ROOT,
            "%,d of %,d test examples (%.3g %%) ",
            found.count(),
            test.size(),
            100 * share);
    double otherwise = (double) found.otherwise() / found.count();
    if (otherwise > ALIKE) {
      add(
          "%shave the values of training examples too, %.3g %% of them with another label: rows that"
              + " look alike, no copies",
          alike, 100 * otherwise);
      return;
    }
    double chance = new ChanceCopies(train, test).share();
    if (chance > BY_CHANCE * share) {
      add(
          "%shave the values of training examples too: so few different rows are possible that"
              + " chance alone brings %.3g %%",
          alike, 100 * chance);
      return;
    }
    add(
        "%sare also in the training part, value by value: what is measured on them is what was"
            + " learnt by heart",
        alike);
  }

  private void warmUp(String model, TrainSettings settings, long examples) {
    long steps = settings.epochs() * (examples / Math.min(settings.batch(), examples));
    if (settings.rate().warmup() > steps) {
      add(
          "%s: the warm-up of %,d steps is longer than the training of %,d: the rate rises to %.2g of"
              + " what is asked for",
          model, settings.rate().warmup(), steps, (double) steps / settings.rate().warmup());
    }
  }

  private static long[] counts(Dataset data) {
    long[] counts = new long[data.classes().size()];
    LongStream.range(0, data.size()).forEach(i -> counts[data.label(i)]++);
    return counts;
  }
}
