package org.distill4j.report;

import java.util.List;
import java.util.Optional;
import org.distill4j.eval.Evaluation;
import org.distill4j.progress.Epoch;
import org.distill4j.results.Results;

/**
 * The data of a report. Models are shown in the order of the results, everything else in the order
 * of its list.
 *
 * @param results what the run found
 * @param classes the class names in the order of the labels
 * @param curves the epochs of each model that was trained
 * @param evaluations how each model did on the test set
 * @param samples some test examples with what the models say of them
 * @param softLabels what the teacher says of some training examples; empty if nobody taught
 * @param courses how the objective's weights and temperature moved; empty if none did
 * @param recipe the resolved recipe, as YAML
 * @param environment the machine
 */
public record ReportData(
    Results results,
    List<String> classes,
    List<Curve> curves,
    List<Judged> evaluations,
    List<Sample> samples,
    Optional<SoftLabels> softLabels,
    List<Course> courses,
    String recipe,
    Environment environment) {
  /** The epochs of a model's training, in order. */
  public record Curve(String model, List<Epoch> epochs) {
    /** Takes a copy. */
    public Curve {
      epochs = List.copyOf(epochs);
    }
  }

  /**
   * How a weight or a temperature moved over the run.
   *
   * @param name such as {@code soft}
   * @param says in a few words
   * @param values at equal distances from the first step to the last
   */
  public record Course(String name, String says, List<Double> values) {
    /** Takes a copy. */
    public Course {
      values = List.copyOf(values);
    }
  }

  /** A model's evaluation. */
  public record Judged(String model, Evaluation evaluation) {}

  /**
   * A test example and what the models say of it.
   *
   * @param index its place in the split
   * @param truth its class
   * @param picture empty if it is no image
   * @param cells name and value of each of its columns, if it is a row of a table
   */
  public record Sample(
      long index,
      int truth,
      Optional<Picture> picture,
      List<List<String>> cells,
      List<Answer> answers) {
    /** Takes copies. */
    public Sample {
      cells = List.copyOf(cells);
      answers = List.copyOf(answers);
    }
  }

  /** What one model says: a probability for each class. */
  public record Answer(String model, List<Double> probabilities) {
    /** Takes a copy. */
    public Answer {
      probabilities = List.copyOf(probabilities);
    }
  }

  /**
   * What the teacher says of some training examples.
   *
   * @param temperature the one the student learns at
   */
  public record SoftLabels(double temperature, List<SoftLabel> labels) {
    /** Takes a copy. */
    public SoftLabels {
      labels = List.copyOf(labels);
    }
  }

  /**
   * What the teacher says of one training example.
   *
   * @param index its place in the split
   * @param truth its class
   * @param cells name and value of each of its columns, if it is a row of a table
   * @param logits a number for each class, before softmax
   */
  public record SoftLabel(
      long index,
      int truth,
      Optional<Picture> picture,
      List<List<String>> cells,
      List<Double> logits) {
    /** Takes copies. */
    public SoftLabel {
      cells = List.copyOf(cells);
      logits = List.copyOf(logits);
    }
  }

  /** Takes copies. */
  public ReportData {
    classes = List.copyOf(classes);
    curves = List.copyOf(curves);
    evaluations = List.copyOf(evaluations);
    samples = List.copyOf(samples);
    courses = List.copyOf(courses);
  }
}
