package org.distill4j.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.distill4j.advice.WeakTeacherRule;
import org.distill4j.engine.TrainSettings;
import org.distill4j.eval.ScoreKind;
import org.distill4j.graph.Preprocessing;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.views.Augmentation;
import org.distill4j.views.Views;
import org.distill4j.zoo.Net;

/**
 * The settings {@code teacher} of a recipe: a known net that is trained first, on all training
 * labels, or an ONNX file.
 *
 * @param net the net to train; then {@code train} is there too
 * @param train how it is trained
 * @param file a model that is trained already: an ONNX file, a TFLite file or a SavedModel's folder
 * @param signature which entrance of a SavedModel is asked; its usual one if absent
 * @param preprocessing what the file's model takes; if absent, what its metadata say, else what
 *     suits the data
 * @param answers what the file's model answers; if absent, as its last operators and its answers to
 *     examples say
 * @param classes the names of the file's model's outputs, in their order; if absent, as its
 *     metadata say, else the data's classes in the data's order
 * @param augment how the net's training examples are varied; empty: not at all
 * @param expect accuracy on validation below which advice says that it is not worth teaching
 */
@Describe("who teaches: a net to train on all labels, or a model from a file")
public record TeacherSettings(
    @Describe("a net to train on all training labels; needs train") Optional<Net> net,
    @Describe("how the net is trained") Optional<TrainSettings> train,
    @Describe("an ONNX file, a TFLite file or a SavedModel's folder, instead of net and train")
        Optional<Path> file,
    @Describe("which signature of a SavedModel is asked; if absent, serving_default")
        Optional<String> signature,
    @Describe("what the file's model takes; if absent, as its metadata or the data say")
        Optional<Preprocessing> preprocessing,
    @Describe(
            "what the file's model answers; if absent, as its end and its answers to examples say")
        Optional<ScoreKind> answers,
    @Describe("names of the file's model's outputs; if absent, its own, else the data's classes")
        Optional<List<String>> classes,
    @Default("[]")
        @Describe("how the net's training examples are varied, in order; empty: not at all")
        List<Augmentation> augment,
    @Describe(
            "accuracy on validation below which it is not worth teaching, 0 < a < 1; if absent,"
                + " what is usual for known nets and data")
        Optional<Double> expect) {
  /** Checks that it is one of the two, and the bounds. */
  public TeacherSettings {
    Origin.requireOne(net, file);
    classes = classes.map(List::copyOf);
    augment = Views.checked(augment);
    if (expect.isPresent() && !(expect.get() > 0 && expect.get() < 1)) {
      throw new IllegalArgumentException("expect: " + expect.get() + " (expected: 0 < a < 1)");
    }
    if (file.isPresent() && !augment.isEmpty()) {
      throw new IllegalArgumentException("augment: given with file (expected: only with net)");
    }
    if (file.isEmpty() && signature.isPresent()) {
      throw new IllegalArgumentException(
          "signature: given without file (expected: only with the folder of a SavedModel)");
    }
    if (file.isEmpty() && (answers.isPresent() || classes.isPresent())) {
      throw new IllegalArgumentException(
          (answers.isPresent() ? "answers" : "classes")
              + ": given without file (expected: only with file; a net answers logits of the data's"
              + " classes)");
    }
    if (net.isPresent() && train.isEmpty()) {
      throw new IllegalArgumentException("train: absent (expected: how the net is trained)");
    }
    if (file.isPresent() && train.isPresent()) {
      throw new IllegalArgumentException("train: given with file (expected: only with net)");
    }
    if (net.isPresent() && preprocessing.isPresent()) {
      throw new IllegalArgumentException(
          "preprocessing: given with net (expected: only with file; a net takes what the data"
              + " say)");
    }
  }

  /** A net that is trained first. */
  public static TeacherSettings trained(Net net, TrainSettings train) {
    return new TeacherSettings(
        Optional.of(net),
        Optional.of(train),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  /** A model's file, whose metadata or else the data say what its input is. */
  public static TeacherSettings file(Path file) {
    return new TeacherSettings(
        Optional.empty(),
        Optional.empty(),
        Optional.of(file),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  /** The same teacher whose training examples are varied. */
  public TeacherSettings augment(List<Augmentation> steps) {
    return new TeacherSettings(
        net, train, file, signature, preprocessing, answers, classes, steps, expect);
  }

  /** The accuracy that a good teacher has on data of a name; empty where none is known. */
  public Optional<Double> expected(String data) {
    return expect.or(() -> net.flatMap(known -> WeakTeacherRule.usual(data, name(known))));
  }

  /** As a recipe calls it: {@code res-net}. */
  private static String name(Net net) {
    return net.getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }
}
