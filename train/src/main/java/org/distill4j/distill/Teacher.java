package org.distill4j.distill;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.Examples;
import org.distill4j.data.ModelDataCheck;
import org.distill4j.data.Preprocessed;
import org.distill4j.data.Splits;
import org.distill4j.eval.ScoreKind;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.ForeignModel;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.Runtimes;
import org.distill4j.onnx.CutSoftmax;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.progress.ProgressListener;
import org.distill4j.softlabels.LabelKey;
import org.distill4j.softlabels.Labeller;
import org.distill4j.softlabels.Labelling;
import org.distill4j.softlabels.SoftLabels;
import org.distill4j.softlabels.TeacherCheck;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.DType;
import org.distill4j.views.ViewDataset;
import org.distill4j.views.Views;

/**
 * A teacher: a model that tells students what it sees in an example. It is asked by ONNX Runtime:
 * once, and what it said is a file, or about each batch that a student sees.
 *
 * @param model ends in logits
 * @param sha256 of the model as a file, which its soft labels are kept under
 * @param preprocessing what the model takes
 * @param threads how many threads labelling may use, at least 1
 */
public record Teacher(Graph model, String sha256, Preprocessing preprocessing, int threads) {
  /** What was done to the answers of a model from elsewhere, in its metadata. */
  public static final String ANSWERS = "distill4j.answers";

  /** What labelling brought, beside the labels. */
  public record Taught(SoftLabels labels, TeacherCheck check, Labelling labelling) {}

  /**
   * A model as a teacher, on all processors. A softmax or a sigmoid at its end is cut off: a
   * temperature softens logits. One output z of two classes is (0, z). Classes that its metadata
   * name are put in the data's order.
   *
   * @param model of one input and one output; it takes what its metadata say, else what suits the
   *     data
   * @param data what it will be asked about
   */
  public static Teacher of(Graph model, Dataset data) {
    if (ScoreKind.told(model).isPresent()) {
      return of(model, data, Optional.empty(), Optional.empty());
    }
    ModelDataCheck.require("teacher", model, data);
    return of(new TeacherAnswers(fitted(model, data), data).byGraph(), data.preprocessing());
  }

  /**
   * {@link #of(Graph, Dataset)} of a model from elsewhere, which is asked about some of the
   * examples to learn what its answers are. Its metadata say under {@link #ANSWERS} what was done
   * to them.
   *
   * @param told what its answers are, if somebody says so
   * @param classes the names of its outputs, if somebody says so; else its metadata may
   * @throws InputFault if its answers can be one thing or another, differ from call to call, or
   *     lack a class of the data
   */
  public static Teacher of(
      Graph model, Dataset data, Optional<ScoreKind> told, Optional<List<String>> classes) {
    ModelDataCheck.require("teacher", model, data);
    TeacherAnswers answers = new TeacherAnswers(fitted(model, data), data);
    return of(answers.byExamples(told, classes), data.preprocessing());
  }

  private static Graph fitted(Graph model, Dataset data) {
    return ModelDataCheck.fitted(model, data, ForeignModel.of(model).isPresent());
  }

  private static Teacher of(Graph model, Preprocessing otherwise) {
    Preprocessing taken = Metadata.preprocessing(model).orElse(otherwise);
    Graph complete = Metadata.withPreprocessing(model, taken);
    return new Teacher(
        complete,
        Sha256.of(OnnxWriter.toBytes(complete)),
        taken,
        Runtime.getRuntime().availableProcessors());
  }

  /**
   * A model that says what it takes, as one trained here does.
   *
   * @throws InputFault if its metadata do not say it
   */
  public static Teacher of(Graph model) {
    if (Metadata.preprocessing(model).isEmpty()) {
      throw new InputFault(
          "teacher '"
              + model.name()
              + "': does not say what it takes (expected: preprocessing in its metadata); give the data beside it");
    }
    return of(CutSoftmax.apply(model), Preprocessing.NONE);
  }

  /** The same teacher on so many threads. */
  public Teacher threads(int threads) {
    return new Teacher(model, sha256, preprocessing, threads);
  }

  /** What the labels of these data are kept under. */
  public LabelKey key(Splits data, DType type) {
    return LabelKey.plain(sha256, examples(data), type);
  }

  /**
   * What the labels of one view of these data are kept under.
   *
   * @param view from 0
   */
  public LabelKey key(Splits data, Views views, long view, DType type) {
    return new LabelKey(
        sha256, data.train().data().sha256(), preprocessing, views.name(view), type);
  }

  /** {@link #teach} in float16 and in silence. */
  public SoftLabels label(Splits data, Path file) {
    return teach(data, file, DType.FLOAT16, ProgressListener.NONE).labels();
  }

  /**
   * Labels all training examples, or what an earlier run left of them, after a check on validation.
   *
   * @param file where the labels are kept; labels that are there and answer the same question are
   *     reused
   * @param type float16 or float32
   * @throws org.distill4j.fault.InputFault if the model does not suit the data or is no better than
   *     chance, or the file holds other labels
   * @throws org.distill4j.fault.RunFault if the file is damaged, the disk full, or a logit is not
   *     finite
   */
  public Taught teach(Splits data, Path file, DType type, ProgressListener listener) {
    TeacherCheck check = check(data, listener);
    return label(examples(data), key(data, type), file, check, listener);
  }

  /**
   * {@link #teach(Splits, Path, DType, ProgressListener)} about one view of the training examples.
   *
   * @param view from 0
   * @param check what {@link #check} found, once for all views
   */
  public Taught teach(
      Splits data,
      Views views,
      long view,
      Path file,
      DType type,
      TeacherCheck check,
      ProgressListener listener) {
    Examples viewed = new ViewDataset(examples(data), views, view);
    return label(viewed, key(data, views, view, type), file, check, listener);
  }

  private Taught label(
      Examples examples, LabelKey key, Path file, TeacherCheck check, ProgressListener listener) {
    try (Predictor predictor = Runtimes.of(model).openForBatches(model, threads)) {
      Labelling labelling = Labeller.label(predictor, examples, key, file, listener);
      return new Taught(SoftLabels.open(file, key), check, labelling);
    }
  }

  /**
   * Checks on validation that the teacher has something to teach.
   *
   * @param listener is told what was found
   * @throws org.distill4j.fault.InputFault if it does not suit the data or is no better than chance
   */
  public TeacherCheck check(Splits data, ProgressListener listener) {
    try (Predictor predictor = Runtimes.of(model).openForBatches(model, threads)) {
      TeacherCheck check = TeacherCheck.of(model, predictor, data.validation(), preprocessing);
      listener.note("teacher: " + check.summary());
      return check;
    }
  }

  /**
   * Refuses a teacher of other examples or other classes, before it is asked anything.
   *
   * @throws org.distill4j.fault.InputFault if it does not suit the data
   */
  public void requireFit(Splits data) {
    try (Predictor predictor = Runtimes.of(model).openForBatches(model, threads)) {
      TeacherCheck.requireFit(model, predictor, data.validation());
    }
  }

  /**
   * Refuses a teacher that does not name its classes and fits the data's clearly better in another
   * order.
   *
   * @throws org.distill4j.fault.InputFault with that order
   */
  public void requireOrder(Splits data) {
    try (Predictor predictor = Runtimes.of(model).openForBatches(model, threads)) {
      TeacherCheck.requireOrder(model, predictor, data.validation(), preprocessing);
    }
  }

  private Preprocessed examples(Splits data) {
    return new Preprocessed(data.train().data(), preprocessing);
  }
}
