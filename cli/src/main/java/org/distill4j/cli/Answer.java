package org.distill4j.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.distill4j.data.Dataset;
import org.distill4j.eval.Probabilities;
import org.distill4j.eval.Scores;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Metadata;
import org.distill4j.inference.Predictor;

/**
 * What a model says of one example.
 *
 * @param label the class it finds most probable
 * @param probability how probable, 0 to 1
 * @param others the next two classes with their probabilities
 */
record Answer(String label, double probability, List<String> others) {
  private static final int OTHERS = 2;

  /**
   * Asks a model about the first examples of a data set.
   *
   * @throws InputFault if the model takes other examples or has other classes
   */
  static List<Answer> of(ModelFile model, Dataset data, int n) {
    List<String> classes = data.classes();
    Metadata.classes(model.graph())
        .filter(named -> !named.equals(classes))
        .ifPresent(
            named -> {
              throw new InputFault(
                  model.path() + " classes: " + named + " (expected: " + classes + ")");
            });
    try (Predictor predictor = model.open(1)) {
      double[][] rows =
          Probabilities.of(
              predictor,
              Scores.of(model.graph()),
              model.preprocessing(data),
              data,
              LongStream.range(0, n).toArray());
      List<Answer> answers = new ArrayList<>();
      for (double[] row : rows) {
        answers.add(of(row, classes));
      }
      return answers;
    }
  }

  private static Answer of(double[] probabilities, List<String> classes) {
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
    return new Answer(classes.get(ranked.get(0)), probabilities[ranked.get(0)], others);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %.3f", label, probability);
  }
}
