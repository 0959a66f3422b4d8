package org.distill4j.distill;

import java.nio.file.Path;
import org.distill4j.data.Dataset;
import org.distill4j.data.Examples;
import org.distill4j.data.ModelDataCheck;
import org.distill4j.data.Preprocessed;
import org.distill4j.data.Splits;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
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
  /** What labelling brought, beside the labels. */
  public record Taught(SoftLabels labels, TeacherCheck check, Labelling labelling) {}

  /**
   * A model as a teacher, on all processors. A softmax at its end is cut off: a temperature softens
   * logits.
   *
   * @param model of one input and one output; it takes what its metadata say, else what suits the
   *     data
   * @param data what it will be asked about
   */
  public static Teacher of(Graph model, Dataset data) {
    ModelDataCheck.require("teacher", model, data);
    if (data.task() == TaskType.SINGLE_LABEL) {
      return of(model, data.preprocessing());
    }
    if (CutSoftmax.apply(model).nodes().size() < model.nodes().size()) {
      throw new InputFault(
          "teacher '%s': ends in a softmax over one class of several (expected: %s, as data '%s' ask %s)"
              .formatted(
                  model.name(),
                  data.task() == TaskType.REGRESSION
                      ? "numbers"
                      : "logits or a sigmoid for each class",
                  data.name(),
                  data.task().spelling()));
    }
    return of(CutSoftmax.applyToSigmoid(model), data.preprocessing());
  }

  private static Teacher of(Graph model, Preprocessing otherwise) {
    Graph logits = CutSoftmax.apply(model);
    Preprocessing taken = Metadata.preprocessing(logits).orElse(otherwise);
    Graph complete = Metadata.withPreprocessing(logits, taken);
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
    return of(model, Preprocessing.NONE);
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

  private Preprocessed examples(Splits data) {
    return new Preprocessed(data.train().data(), preprocessing);
  }
}
