package org.distill4j.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.fault.InputFault;
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

  /** Asks a model about the first examples of a data set. */
  static List<Answer> of(ModelFile model, Dataset data, int n) {
    int inputs = Math.toIntExact(data.shape().elements());
    int classes = data.classes().size();
    Preprocessed examples = new Preprocessed(data, model.preprocessing(data));
    List<Answer> answers = new ArrayList<>();
    try (Predictor predictor = model.open(1)) {
      requireClasses(model, classes);
      FloatBuffer in = direct(inputs);
      FloatBuffer out = direct(classes);
      for (int i = 0; i < n; i++) {
        examples.read(i, in.clear());
        predictor.run(1, in, out);
        float[] logits = new float[classes];
        out.get(0, logits);
        answers.add(of(logits, data.classes()));
      }
    }
    return answers;
  }

  private static void requireClasses(ModelFile model, int classes) {
    var shape = model.graph().onlyOutput().shape();
    if (shape.isRanked()
        && shape.rank() == 2
        && shape.dim(1).isKnown()
        && shape.size(1) != classes) {
      throw new InputFault(
          model.path()
              + ": "
              + shape.size(1)
              + " classes (expected: "
              + classes
              + ", as the data have)");
    }
  }

  private static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(floats * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  static Answer of(float[] logits, List<String> classes) {
    double highest = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).max().orElse(0);
    double[] weights =
        IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i] - highest)).toArray();
    double sum = IntStream.range(0, weights.length).mapToDouble(i -> weights[i]).sum();
    List<Integer> ranked =
        IntStream.range(0, weights.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -weights[i]))
            .toList();
    List<String> others =
        ranked.stream()
            .skip(1)
            .limit(OTHERS)
            .map(i -> String.format(Locale.ROOT, "%s %.3f", classes.get(i), weights[i] / sum))
            .toList();
    int best = ranked.get(0);
    return new Answer(classes.get(best), weights[best] / sum, others);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %.3f", label, probability);
  }
}
