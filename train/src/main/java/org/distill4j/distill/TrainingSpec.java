package org.distill4j.distill;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.distill4j.data.Dataset;
import org.distill4j.data.LabelledSubset;
import org.distill4j.data.ModelDataCheck;
import org.distill4j.data.Splits;
import org.distill4j.data.TargetScale;
import org.distill4j.engine.TrainSettings;
import org.distill4j.engine.TrainingCriterion;
import org.distill4j.engine.lowering.FakeQuantization;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.progress.ProgressListener;
import org.distill4j.prune.Masks;
import org.distill4j.settings.DigestText;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.shapes.Shapes;
import org.distill4j.softlabels.SoftLabels;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;
import org.distill4j.views.Views;

/** One training, described in full; {@link Trainer} says what the parts mean. */
record TrainingSpec(
    String name,
    Graph net,
    Splits data,
    TrainSettings settings,
    Objective objective,
    Optional<TeacherSignal> teaching,
    LabelledSubset labelled,
    Views views,
    long stepsPerEpoch,
    long seed,
    int threads,
    Optional<Path> checkpoint,
    boolean watched,
    Optional<Masks> masks,
    FakeQuantization rounding,
    BooleanSupplier hasTime,
    ProgressListener listener) {

  /** Adds what the net needs to know of the data, and checks that all parts belong together. */
  TrainingSpec {
    net = ModelDataCheck.completed(net, data.train().data());
    check(name, net, data.train().data(), labelled, teaching);
    long seen = teaching.isPresent() ? data.train().data().size() : labelled.count();
    requireSeveralValues(name, net, Math.min(settings.batch(), seen));
    views.check(data.train().data());
    if (teaching.isPresent()) {
      teaching.get().check(name, views);
    }
  }

  /** A batch's variance of one value is 0: it says nothing, and the running variance becomes 0. */
  private static void requireSeveralValues(String name, Graph net, long batch) {
    Shapes shapes = ShapeInference.infer(net);
    for (Node node : net.nodes()) {
      Shape shape = shapes.shape(node.input(0));
      if (node.op().equals("BatchNormalization") && batch == 1 && shape.isRanked()) {
        long values = 1;
        for (int axis = 2; axis < shape.rank(); axis++) {
          values *= shape.dim(axis).isKnown() ? shape.size(axis) : 2;
        }
        if (values == 1) {
          throw new InputFault(
              "%s: batch of 1 (expected: >= 2, as BatchNormalization '%s' normalizes by the batch, and one value has no variance)"
                  .formatted(name, node.name()));
        }
      }
    }
  }

  private static void check(
      String name,
      Graph net,
      Dataset data,
      LabelledSubset labelled,
      Optional<TeacherSignal> teaching) {
    int classes = data.classes().size();
    Shape input = net.onlyInput().shape();
    if (input.rank() == 0 || !input.dropFirst().equals(data.shape())) {
      throw new InputFault(
          "%s: input %s (expected: %s, as data '%s' has)"
              .formatted(name, input, data.shape().prepend(Dim.of("batch")), data.name()));
    }
    if (input.dim(0).isKnown()) {
      throw new InputFault(
          "%s: input %s has a fixed batch (expected: a symbolic one); export it with a dynamic batch"
              .formatted(name, input));
    }
    Shape output = ShapeInference.infer(net).shape(net.onlyOutput().name());
    if (output.rank() != 2 || !output.dim(1).equals(Dim.of(classes))) {
      throw new InputFault(
          "%s: output %s (expected: [batch, %s], one logit for each class of data '%s')"
              .formatted(name, output, classes, data.name()));
    }
    ModelDataCheck.require(name, net, data);
    List<String> named = Metadata.classes(net).orElseThrow();
    if (!named.equals(data.classes())) {
      throw new InputFault(
          "%s: classes %s (expected: %s, as data '%s' has them)"
              .formatted(name, named, data.classes(), data.name()));
    }
    if (labelled.size() != data.size() || (labelled.count() == 0 && teaching.isEmpty())) {
      throw new InputFault(
          "%s: %s of %s labels may be seen (expected: of %s, at least one without a teacher)"
              .formatted(name, labelled.count(), labelled.size(), data.size()));
    }
    teaching.ifPresent(t -> t.files().forEach(soft -> checkTeaching(name, soft, data)));
  }

  private static void checkTeaching(String name, SoftLabels soft, Dataset data) {
    int classes = data.classes().size();
    if (!soft.key().data().equals(data.sha256())) {
      throw new InputFault(
          "%s: soft labels of data %s (expected: %s, data '%s'); label these data"
              .formatted(name, soft.key().data(), data.sha256(), data.name()));
    }
    if (soft.size() != data.size() || soft.classes() != classes) {
      throw new InputFault(
          "%s: soft labels of %s examples and %s classes (expected: %s and %s); label again"
              .formatted(name, soft.size(), soft.classes(), data.size(), classes));
    }
  }

  Preprocessing preprocessing() {
    return Metadata.preprocessing(net).orElseThrow();
  }

  /** What is minimised: the objective with the losses that the data's task has. */
  TrainingCriterion criterion() {
    Dataset train = data.train().data();
    List<Double> weights =
        data.task() == TaskType.REGRESSION
            ? TargetScale.of(train).deviations().stream().map(d -> 1 / d).toList()
            : train.classWeights();
    return data.task() == TaskType.SINGLE_LABEL && weights.isEmpty()
        ? objective
        : new TaskObjective(objective, data.task(), weights);
  }

  BatchComposer course() {
    return new BatchComposer(this);
  }

  /** The digest of all that the result depends on. */
  String key() {
    List<String> parts =
        new ArrayList<>(
            List.of(
                Sha256.of(OnnxWriter.toBytes(net)),
                data.train().data().sha256(),
                data.validation().data().sha256(),
                DigestText.of(settings),
                DigestText.of(objective),
                teaching.map(TeacherSignal::digest).orElse("no teacher"),
                "labelled " + labelled,
                "steps per epoch " + stepsPerEpoch,
                "seed " + seed,
                "threads " + threads));
    masks.ifPresent(m -> parts.add(DigestText.of(m)));
    if (!views.isPlain()) {
      parts.add(DigestText.of(views));
    }
    if (!rounding.equals(FakeQuantization.FIXED)) {
      parts.add(DigestText.of(rounding));
    }
    parts.addAll(data.train().data().arrangement());
    return Sha256.ofTexts(parts.toArray(String[]::new));
  }
}
