package org.distill4j.softlabels;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.data.ValidationSet;
import org.distill4j.eval.ChanceLevel;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.MeanLevel;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.inference.Predictor;
import org.distill4j.onnx.InferenceMode;

/**
 * The check of a teacher before it teaches: what it knows beside what chance would bring, and
 * whether its classes are named.
 *
 * <p>It is held against always answering the commonest class by balanced accuracy and by log loss,
 * as {@link ChanceLevel} says: where one class is rare, or classes were weighed, a good teacher may
 * have less accuracy than that.
 *
 * @param task what it was asked
 * @param n how many answers it gave: one for each validation example, or for each of its labels
 * @param accuracy the share that is right, 0 to 1; for a regression the share of the truth's
 *     variance that it explains, at most 1
 * @param chance what always giving the commonest answer gets right; 0 for a regression
 * @param level what it is beside chance; null for a regression
 * @param mean what it is beside always answering the mean; null for classes
 * @param classesNamed whether the model names its classes; if not, they are taken to be the data's,
 *     in the data's order
 * @param order how its outputs would fit the data's classes clearly better, in words, although the
 *     model names them otherwise
 */
public record TeacherCheck(
    TaskType task,
    long n,
    double accuracy,
    double chance,
    ChanceLevel level,
    MeanLevel mean,
    boolean classesNamed,
    Optional<String> order) {
  private static final int BATCH = 128;
  private static final int SHOWN_CLASSES = 20;

  /** From here on the commonest class is so common that accuracy shows little. */
  private static final double UNEVEN = 1.5;

  /** What an accuracy must exceed to be more than chance: chance and two standard errors of it. */
  public double floor() {
    return chance + 2 * Math.sqrt(chance * (1 - chance) / n);
  }

  /** One line for people. */
  public String summary() {
    return String.format(
        Locale.ROOT,
        "%s %.3f on %d validation %s (chance %.3f)%s; classes %s",
        task == TaskType.REGRESSION ? "explained variance" : "accuracy",
        accuracy,
        n,
        task == TaskType.MULTI_LABEL ? "labels" : "examples",
        chance,
        isUneven() ? ", " + level.says("of them") : "",
        (classesNamed ? "as the data name them" : "not named by the model, taken as the data's")
            + order.map(o -> ", but " + o).orElse(""));
  }

  /** Whether accuracy alone would say little. */
  private boolean isUneven() {
    return level != null && level.commonest() > UNEVEN * level.even();
  }

  /**
   * Whether it is no better than chance; so few examples that none could be better do not count.
   */
  private boolean isAtChance() {
    return level == null ? mean.isAtChance() : level.isJudged() && !level.isBetter();
  }

  private TeacherCheck requireBetter(String teacher, String data) {
    if (isAtChance()) {
      throw new InputFault(
          isUneven()
              ? "teacher '%s': no better than always answering the commonest class: %s; %s"
                  .formatted(
                      teacher, level.says("validation examples of data '" + data + "'"), wayOut())
              : String.format(
                  Locale.ROOT,
                  "teacher '%s': %s %.3f on %d validation %s of data '%s' (expected: > %.3f, more than"
                      + " always answering %s); %s",
                  teacher,
                  task == TaskType.REGRESSION ? "explained variance" : "accuracy",
                  accuracy,
                  n,
                  task == TaskType.MULTI_LABEL ? "labels" : "examples",
                  data,
                  floor(),
                  task == TaskType.REGRESSION ? "the mean" : "the commonest class",
                  wayOut()));
    }
    return this;
  }

  /** No training mends the order of its outputs. */
  private String wayOut() {
    return order
        .map(o -> o + ": check the names of its classes, in its file or in teacher.classes")
        .orElse("train it longer or at another rate, or check its preprocessing");
  }

  /**
   * Asks the teacher about every validation example.
   *
   * @param graph the teacher, for its name and the names of its classes
   * @param teacher the same, ready to run; it must give logits
   * @param preprocessing what the teacher wants done to raw values
   * @throws InputFault if the teacher takes other examples, has other classes or has them in
   *     another order, gives probabilities instead of logits, draws random numbers, or is no better
   *     than chance
   */
  public static TeacherCheck of(
      Graph graph, Predictor teacher, ValidationSet validation, Preprocessing preprocessing) {
    Dataset data = validation.data();
    InferenceMode.requireFixed(graph);
    requireFit(graph, teacher, validation);
    Optional<List<String>> classes = Metadata.classes(graph);
    if (data.task() != TaskType.SINGLE_LABEL) {
      return otherTask(graph, teacher, new Preprocessed(data, preprocessing), classes.isPresent());
    }
    TeacherScore score = new TeacherScore(data);
    forward(teacher, new Preprocessed(data, preprocessing), score::mark);
    if (score.onlyProbabilities()) {
      throw new InputFault(
          ("teacher '%s' output: probabilities, at least 0 and summing to 1 for each of %s examples"
                  + " (expected: logits); export it without its softmax, or say teacher.answers: probabilities")
              .formatted(graph.name(), data.size()));
    }
    ChanceLevel level = score.level();
    Optional<ClassOrder> order = score.order();
    if (order.isPresent() && classes.isEmpty()) {
      throw permuted(
          graph.name(), level.accuracy(), data.size() + " validation examples", order.get(), data);
    }
    return new TeacherCheck(
            data.task(),
            data.size(),
            level.accuracy(),
            level.commonest(),
            level,
            null,
            classes.isPresent(),
            order.map(o -> fits(o, data)))
        .requireBetter(graph.name(), data.name());
  }

  /**
   * Refuses a model that does not name its classes and whose outputs fit those of the data clearly
   * better in another order, as a command refuses it, which has no recipe.
   *
   * @param model the graph, ready to run; it must give logits
   * @param preprocessing what the model wants done to raw values
   */
  public static void requireOrder(
      Graph graph, Predictor model, ValidationSet validation, Preprocessing preprocessing) {
    Dataset data = validation.data();
    if (Metadata.classes(graph).isPresent() || data.task() == TaskType.REGRESSION) {
      return;
    }
    Preprocessed examples = new Preprocessed(data, preprocessing);
    Optional<ClassOrder> order;
    if (data.task() == TaskType.SINGLE_LABEL) {
      TeacherScore score = new TeacherScore(data);
      forward(model, examples, score::mark);
      order = score.order();
    } else {
      MultiTargetScore score = new MultiTargetScore(data);
      forward(model, examples, score::mark);
      order = score.order();
    }
    if (order.isPresent()) {
      throw new InputFault(
          "model '%s': fits data '%s' clearly better otherwise: %s (expected: its outputs in the order of the data's classes); write their order into its file by annotate --classes %s; or, if it is right as it is, %s"
              .formatted(
                  graph.name(),
                  data.name(),
                  fits(order.get(), data),
                  order.get().option(data.classes()),
                  order.get().inOrder().option(data.classes())));
    }
  }

  /**
   * Why a model that is good elsewhere may be at chance on some data, and the way out. Where the
   * model names its classes, data that number theirs are read by its names: no other names mend it.
   */
  public static String usualCause(Graph model, Evaluation found) {
    String numbered =
        Metadata.classes(model).isPresent()
            ? " if the data name their classes; if they number them, their numbers are not the places in the model's names: name the classes in the data"
            : "";
    List<String> classes = found.confusion().classes();
    int n = classes.size() <= ClassOrder.MOST_CLASSES ? classes.size() : 0;
    int[][] counts = new int[n][n];
    for (int truth = 0; truth < n; truth++) {
      for (int answer = 0; answer < n; answer++) {
        counts[truth][answer] = found.confusion().count(truth, answer);
      }
    }
    return ClassOrder.of(counts)
        .map(
            order ->
                "its outputs stand in another order than the data's classes: %s; write their order into its file by annotate --classes %s%s"
                    .formatted(fits(order, classes), order.option(classes), numbered))
        .orElse(
            "the usual cause is a preprocessing that its file does not tell: give it by --preprocessing");
  }

  private static void forward(
      Predictor model, Preprocessed examples, TeacherForward.Consumer consumer) {
    try {
      new TeacherForward(model, examples, BATCH).forEach(0, consumer);
    } catch (IOException e) {
      throw new AssertionError("nothing is written here", e);
    }
  }

  /**
   * What can be checked before it is asked anything.
   *
   * @throws InputFault if the teacher takes other examples, has other classes or has them in
   *     another order
   */
  public static void requireFit(Graph graph, Predictor teacher, ValidationSet validation) {
    Dataset data = validation.data();
    TeacherFit.require(teacher, data);
    Metadata.classes(graph).ifPresent(names -> requireSame(graph.name(), names, data));
  }

  private static String fits(ClassOrder order, Dataset data) {
    return fits(order, data.classes());
  }

  private static String fits(ClassOrder order, List<String> classes) {
    return String.format(
        Locale.ROOT, "with %s it has %.3f", order.moved(classes), order.accuracy());
  }

  private static InputFault permuted(
      String teacher, double accuracy, String of, ClassOrder order, Dataset data) {
    return new InputFault(
        String.format(
            Locale.ROOT,
            "teacher '%s': accuracy %.3f on %s of data '%s', but %s (expected: its outputs in the order of the data's classes); give their order: teacher.classes: %s; or, if it is right as it is, %s",
            teacher,
            accuracy,
            of,
            data.name(),
            fits(order, data),
            order.yaml(data.classes()),
            order.inOrder().yaml(data.classes())));
  }

  private static TeacherCheck otherTask(
      Graph graph, Predictor teacher, Preprocessed examples, boolean named) {
    Dataset data = examples.data();
    MultiTargetScore score = new MultiTargetScore(data);
    forward(teacher, examples, score::mark);
    Optional<ClassOrder> order = score.order();
    if (order.isPresent() && !named) {
      throw permuted(
          graph.name(), score.share(), score.asked() + " validation labels", order.get(), data);
    }
    return new TeacherCheck(
            data.task(),
            score.asked(),
            score.share(),
            score.chance(),
            score.level(),
            score.mean(),
            named,
            order.map(o -> fits(o, data)))
        .requireBetter(graph.name(), data.name());
  }

  private static void requireSame(String teacher, List<String> names, Dataset data) {
    List<String> expected = data.classes();
    if (names.equals(expected)) {
      return;
    }
    Set<String> there = new HashSet<>(names);
    if (names.size() == expected.size() && there.equals(new HashSet<>(expected))) {
      throw new InputFault(
          "teacher '%s' classes: %s (expected: %s, the order of data '%s'); put the data's classes in the teacher's order"
              .formatted(teacher, shown(names), shown(expected), data.name()));
    }
    Set<String> surplus = new TreeSet<>(there);
    surplus.removeAll(expected);
    Set<String> missing = new TreeSet<>(expected);
    missing.removeAll(there);
    throw new InputFault(
        "teacher '%s' classes: has %s too many, lacks %s (expected: the classes of data '%s'); choose a teacher of these classes or name them alike"
            .formatted(
                teacher, shown(List.copyOf(surplus)), shown(List.copyOf(missing)), data.name()));
  }

  private static String shown(List<String> names) {
    return names.size() <= SHOWN_CLASSES
        ? names.toString()
        : names.subList(0, SHOWN_CLASSES) + " and " + (names.size() - SHOWN_CLASSES) + " more";
  }
}
