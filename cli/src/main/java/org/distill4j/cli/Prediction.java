package org.distill4j.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.distill4j.cli.options.ModelArgument;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.data.cells.TableRows;
import org.distill4j.eval.Probabilities;
import org.distill4j.eval.ScoreKind;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.inference.Predictor;

/**
 * What a model says of one example.
 *
 * @param label the class it finds most probable; of several labels those above 1/2; for a
 *     regression the numbers
 * @param probability how probable, 0 to 1: of several labels, that all of them are right if each
 *     stands for itself; null for a regression
 * @param probabilities of every class, in the model's order; null for a regression
 * @param values of every number that a regression tells; null for classes
 * @param others the next two classes with their probabilities, for people
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Prediction(
    String label,
    Double probability,
    Map<String, Double> probabilities,
    Map<String, Double> values,
    @JsonIgnore List<String> others) {
  /** What is said where no label is. */
  static final String NONE = "none";

  private static final int OTHERS = 2;

  /**
   * Asks a model about the first examples of a data set.
   *
   * @throws InputFault if the model takes other examples or has other classes
   */
  static List<Prediction> of(ModelArgument given, Dataset data, int n) {
    ModelArgument model = given.suited(data);
    List<String> classes = data.classes();
    Metadata.classes(model.graph())
        .filter(named -> !named.equals(classes))
        .ifPresent(
            named -> {
              throw new InputFault(
                  model.path() + " classes: " + named + " (expected: " + classes + ")");
            });
    Preprocessing taken = model.preprocessing(data);
    try (Predictor predictor = model.open(1)) {
      double[][] rows =
          Probabilities.of(
              predictor,
              kind(model, predictor, new Preprocessed(data, taken)),
              taken,
              data,
              LongStream.range(0, n).toArray());
      List<Prediction> answers = new ArrayList<>();
      for (double[] row : rows) {
        answers.add(
            switch (data.task()) {
              case SINGLE_LABEL -> of(row, classes);
              case MULTI_LABEL -> ofSeveral(row, classes);
              case REGRESSION ->
                  new Prediction(numbers(row), null, null, named(row, classes), List.of());
            });
      }
      return answers;
    }
  }

  private static ScoreKind kind(ModelArgument model, Predictor predictor, Preprocessed examples) {
    String name = "model '" + model.name() + "'";
    if (!model.isOnnx()) {
      ScoreKind.requireSame(name, predictor, examples);
    }
    return ScoreKind.required(name, model.graph(), predictor, examples);
  }

  private static Prediction of(double[] probabilities, List<String> classes) {
    List<Integer> ranked =
        IntStream.range(0, probabilities.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -probabilities[i]))
            .toList();
    List<String> others =
        ranked.stream()
            .skip(1)
            .limit(OTHERS)
            .map(i -> String.format(Locale.ROOT, "%s %.3f", classes.get(i), probabilities[i]))
            .toList();
    return new Prediction(
        classes.get(ranked.get(0)),
        probabilities[ranked.get(0)],
        named(probabilities, classes),
        null,
        others);
  }

  private static Map<String, Double> named(double[] row, List<String> classes) {
    Map<String, Double> named = new LinkedHashMap<>();
    for (int k = 0; k < row.length; k++) {
      named.put(classes.get(k), row[k]);
    }
    return named;
  }

  private static Prediction ofSeveral(double[] probabilities, List<String> classes) {
    List<String> given = new ArrayList<>();
    List<String> others = new ArrayList<>();
    double all = 1;
    for (int k = 0; k < probabilities.length; k++) {
      all *= Math.max(probabilities[k], 1 - probabilities[k]);
      if (probabilities[k] > 0.5) {
        given.add(classes.get(k));
      } else {
        others.add(String.format(Locale.ROOT, "%s %.3f", classes.get(k), probabilities[k]));
      }
    }
    return new Prediction(
        given.isEmpty() ? NONE : String.join(" ", given),
        all,
        named(probabilities, classes),
        null,
        others.subList(0, Math.min(OTHERS, others.size())));
  }

  /** Numbers as people read them. */
  static String numbers(double[] values) {
    List<String> texts = new ArrayList<>();
    for (double value : values) {
      texts.add(String.format(Locale.ROOT, "%.6g", value));
    }
    return String.join(" ", texts);
  }

  /**
   * What a file's row says of several labels, spelled as an answer is; other truths stay.
   *
   * @param said the cells of the label's columns, parted by commas; blank where there are none
   */
  static String spelled(Graph model, String said) {
    boolean several = Metadata.task(model).filter(t -> t == TaskType.MULTI_LABEL).isPresent();
    if (!several || said.isBlank()) {
      return TableRows.meant(said, Metadata.classes(model).orElse(List.of()));
    }
    List<String> columns = Metadata.table(model).orElseThrow().label();
    if (columns.size() == 1) {
      return said.replaceAll("[|;] *", " ").strip();
    }
    List<String> cells = List.of(said.split(", ", -1));
    List<String> has =
        IntStream.range(0, Math.min(cells.size(), columns.size()))
            .filter(k -> TableRows.meant(cells.get(k), List.of("0", "1")).equals("1"))
            .mapToObj(columns::get)
            .toList();
    return has.isEmpty() ? NONE : String.join(" ", has);
  }

  /** What the data say of an example, spelled as an answer is. */
  static String truth(Dataset data, long index) {
    if (data.task() == TaskType.SINGLE_LABEL) {
      return data.classes().get(data.label(index));
    }
    FloatBuffer targets = FloatBuffer.allocate(data.classes().size());
    data.targets(index, targets);
    double[] values = new double[targets.capacity()];
    List<String> has = new ArrayList<>();
    for (int k = 0; k < values.length; k++) {
      values[k] = targets.get(k);
      if (values[k] > 0.5) {
        has.add(data.classes().get(k));
      }
    }
    return data.task() == TaskType.REGRESSION
        ? numbers(values)
        : has.isEmpty() ? NONE : String.join(" ", has);
  }

  @Override
  public String toString() {
    if (probability == null) {
      return label;
    }
    return String.format(Locale.ROOT, "%s %.3f", label, probability);
  }
}
