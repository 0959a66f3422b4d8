package org.distill4j.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.distill4j.engine.TrainSettings;
import org.distill4j.graph.Preprocessing;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.views.Augmentation;
import org.distill4j.views.Views;
import org.distill4j.zoo.Net;

/**
 * The settings {@code student} of a recipe: a known net, or the graph and weights of an ONNX file
 * to go on from.
 *
 * @param net the net; either it or {@code file}
 * @param file an ONNX model
 * @param preprocessing what the file's model takes; if absent, what its metadata say, else what
 *     suits the data
 * @param train how it is trained; the baselines are trained alike
 * @param labelled how many training labels it may see, the teacher having seen all; absent: every
 *     one, 0: none
 * @param augment how the training examples are varied, the same for the baselines; empty: not
 * @param omit the classes whose examples it never sees while it learns; it must learn them from
 *     what the teacher says of the others
 * @param correctBias whether the biases of the omitted classes are moved afterwards, see {@link
 *     org.distill4j.distill.PriorBias}
 */
@Describe("who learns: a net, or an ONNX file to go on from")
public record StudentSettings(
    @Describe("a net, trained from its initial weights") Optional<Net> net,
    @Describe("an ONNX model to go on from, instead of net") Optional<Path> file,
    @Describe("what the file's model takes; if absent, as its metadata or the data say")
        Optional<Preprocessing> preprocessing,
    @Describe("how it is trained; the baselines are trained alike") TrainSettings train,
    @Describe("training labels that the student may see, >= 0; if absent, all of them")
        Optional<Long> labelled,
    @Default("[]") @Describe("how its training examples are varied, in order; empty: not at all")
        List<Augmentation> augment,
    @Default("[]") @Describe("names of classes whose examples the student never sees; empty: none")
        List<String> omit,
    @Default("false")
        @Describe("true: afterwards the omitted classes' biases are moved until they come as often")
        boolean correctBias) {
  /** Checks that it is one of the two, and the bounds. */
  public StudentSettings {
    Origin.requireOne(net, file);
    augment = Views.checked(augment);
    omit = List.copyOf(omit);
    if (correctBias && omit.isEmpty()) {
      throw new IllegalArgumentException(
          "correct-bias: true (expected: classes in omit, whose biases are moved)");
    }
    if (net.isPresent() && preprocessing.isPresent()) {
      throw new IllegalArgumentException(
          "preprocessing: given with net (expected: only with file; a net takes what the data"
              + " say)");
    }
    if (labelled.isPresent() && labelled.get() < 0) {
      throw new IllegalArgumentException("labelled: " + labelled.get() + " (expected: >= 0)");
    }
  }

  /** A net that may see every label. */
  public static StudentSettings of(Net net, TrainSettings train) {
    return new StudentSettings(
        Optional.of(net),
        Optional.empty(),
        Optional.empty(),
        train,
        Optional.empty(),
        List.of(),
        List.of(),
        false);
  }

  /** The same student with so many labels, at least 0. */
  public StudentSettings labelled(long count) {
    return new StudentSettings(
        net, file, preprocessing, train, Optional.of(count), augment, omit, correctBias);
  }

  /** The same student whose training examples are varied. */
  public StudentSettings augment(List<Augmentation> steps) {
    return new StudentSettings(net, file, preprocessing, train, labelled, steps, omit, correctBias);
  }
}
