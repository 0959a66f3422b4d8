package org.distill4j.eval;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.IntConsumer;
import java.util.function.IntToLongFunction;
import org.distill4j.data.Dataset;
import org.distill4j.data.Prefetch;
import org.distill4j.data.Preprocessed;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.TaskType;
import org.distill4j.graph.Value;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/**
 * Runs examples through a classifier in batches; the next batch is read while the model works on
 * this one.
 */
final class ForwardLoop {
  /** Hears the answer to one example. */
  @FunctionalInterface
  interface Answers {
    /**
     * Takes a number per class: the logarithms of the probabilities of one class out of several, or
     * logits of several labels, or the numbers of a regression. The array is used again.
     */
    void accept(int position, double[] answer);
  }

  private static final int BATCH = 256;

  /**
   * Two input buffers of this size are held; a batch of large images is smaller than {@link
   * #BATCH}.
   */
  private static final long BUFFER_BYTES = 16 << 20;

  private final Predictor model;
  private final ScoreKind scores;
  private final Preprocessed examples;
  private final int exampleFloats;
  private final int classes;
  private final int width; // of an answer; 1 where one number tells two classes apart
  private final int batch;
  private final boolean fixedBatch;

  /** Checks that the model's shapes suit the data. */
  ForwardLoop(Predictor model, ScoreKind scores, Preprocessed examples) {
    this.model = model;
    this.scores = scores;
    this.examples = examples;
    Dataset data = examples.data();
    this.exampleFloats = Math.toIntExact(data.shape().elements());
    this.classes = data.classes().size();
    long outputs = model.resultShape().elements(); // refuses a model of another kind
    requireInput(model.inputs().get(0), data);
    Dim outer = model.inputs().get(0).shape().dim(0);
    this.fixedBatch = outer.isKnown();
    this.batch =
        fixedBatch
            ? Math.max(1, Math.toIntExact(outer.size()))
            : (int) Math.max(1, Math.min(BATCH, BUFFER_BYTES / (4L * exampleFloats)));
    this.width = isOneOfTwo(data, outputs) ? 1 : classes;
    checkOutput(model, data, outputs);
  }

  /** Whether one output z stands for the logits (0, z). */
  private static boolean isOneOfTwo(Dataset data, long outputs) {
    return outputs == 1 && data.classes().size() == 2 && data.task() == TaskType.SINGLE_LABEL;
  }

  /**
   * Runs as many examples.
   *
   * @param index the example at each position
   * @param answers hears of each position, in order
   * @param done hears after each batch how many positions are done
   */
  void run(int count, IntToLongFunction index, Answers answers, IntConsumer done) {
    int batches = Math.toIntExact((count + batch - 1L) / batch);
    FloatBuffer output = direct(batch * width);
    double[] answer = new double[classes];
    try (Prefetch<FloatBuffer> inputs =
        Prefetch.start(
            2,
            () -> direct(batch * exampleFloats),
            (slot, step) -> fill(slot, (int) step * batch, count, index),
            0,
            batches)) {
      for (int step = 0; step < batches; step++) {
        int start = step * batch;
        int end = (int) Math.min(count, start + (long) batch);
        FloatBuffer input = inputs.take();
        model.run(fixedBatch ? batch : end - start, input, output);
        inputs.release(input);
        for (int i = start; i < end; i++) {
          read(output, (i - start) * width, index.applyAsLong(i), answer);
          answers.accept(i, answer);
        }
        done.accept(end);
      }
    }
  }

  /** Reads from a position on; what is left of a fixed batch repeats earlier contents. */
  private void fill(FloatBuffer target, int start, int count, IntToLongFunction index) {
    target.clear();
    for (int i = start; i < (int) Math.min(count, start + (long) batch); i++) {
      examples.read(index.applyAsLong(i), target);
    }
    target.clear();
  }

  /** What the data's task makes of an example's outputs. */
  private void read(FloatBuffer output, int at, long index, double[] result) {
    TaskType task = examples.data().task();
    int skipped = classes - width; // 1 where the first class's logit is 0
    for (int k = 0; k < width; k++) {
      float score = output.get(at + k);
      if (!Float.isFinite(score)) {
        throw new RunFault(
            "model output '%s' at example %s of data '%s', class %s: %s (expected: finite)"
                .formatted(model.outputs().get(0).name(), index, examples.data().name(), k, score));
      }
      result[k + skipped] =
          task == TaskType.REGRESSION
              ? score
              : task == TaskType.MULTI_LABEL || skipped > 0
                  ? scores.logitOfOne(score)
                  : scores.logit(score);
    }
    if (task == TaskType.SINGLE_LABEL) {
      result[0] = skipped > 0 ? 0 : result[0];
      logSoftmax(result);
    }
  }

  /** {@code log p_k = x_k - m - log(sum of e^(x - m))}, m the maximum. */
  private static void logSoftmax(double[] x) {
    double max = Double.NEGATIVE_INFINITY;
    for (double one : x) {
      max = Math.max(max, one);
    }
    double sum = 0;
    for (double one : x) {
      sum += Math.exp(one - max);
    }
    double logSum = max + Math.log(sum);
    for (int k = 0; k < x.length; k++) {
      x[k] -= logSum;
    }
  }

  /** Refuses a model of other examples. */
  static void requireInput(Value input, Dataset data) {
    if (!fits(input.shape(), data.shape())) {
      throw new InputFault(
          "model input '%s': %s does not take an example %s of data '%s'"
              .formatted(input.name(), input.shape(), data.shape(), data.name()));
    }
  }

  private static boolean fits(Shape input, Shape example) {
    if (input.rank() != example.rank() + 1) {
      return false;
    }
    for (int axis = 0; axis < example.rank(); axis++) {
      Dim dim = input.dim(axis + 1);
      if (dim.isKnown() && dim.size() != example.size(axis)) {
        return false;
      }
    }
    return true;
  }

  private static void checkOutput(Predictor model, Dataset data, long outputs) {
    if (outputs != data.classes().size() && !isOneOfTwo(data, outputs)) {
      throw new InputFault(
          "model output '%s': %s classes (expected: %s, as data '%s' has); %s"
              .formatted(
                  model.outputs().get(0).name(),
                  outputs,
                  data.classes().size(),
                  data.name(),
                  outputs > data.classes().size()
                      ? "give data with all its classes, or write their names into its file by annotate --classes"
                      : "give a model of these classes, or data of its own"));
    }
  }

  private static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
