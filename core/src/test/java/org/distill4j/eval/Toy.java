package org.distill4j.eval;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.distill4j.data.Dataset;
import org.distill4j.graph.Value;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Examples whose values are the logits that the model, which scales by a constant, gives: every
 * number an evaluation holds can be worked out by hand.
 */
final class Toy {
  private Toy() {}

  /** Three classes; {@code rows} holds the values of one example each. */
  static final class Rows implements Dataset {
    private final float[][] rows;
    private final int[] labels;

    Rows(float[][] rows, int... labels) {
      this.rows = rows;
      this.labels = labels;
    }

    @Override
    public String name() {
      return "toy";
    }

    @Override
    public Shape shape() {
      return Shape.of(rows[0].length);
    }

    @Override
    public List<String> classes() {
      return List.of("coat", "bag", "shirt");
    }

    @Override
    public long size() {
      return labels.length;
    }

    @Override
    public void read(long index, FloatBuffer target) {
      target.put(rows[(int) (index % rows.length)]);
    }

    @Override
    public int label(long index) {
      return labels[(int) index];
    }

    @Override
    public String sha256() {
      return "00";
    }
  }

  /** {@code y = factor · x}, of any number of classes. */
  record Scaling(float factor, Dim batch, Dim classes) implements Predictor {
    Scaling(float factor, int classes) {
      this(factor, Dim.of("batch"), Dim.of(classes));
    }

    @Override
    public List<Value> inputs() {
      Dim width = classes.isKnown() ? classes : Dim.of(3);
      return List.of(new Value("x", DType.FLOAT32, Shape.of(List.of(batch, width))));
    }

    @Override
    public List<Value> outputs() {
      return List.of(new Value("y", DType.FLOAT32, Shape.of(List.of(batch, classes))));
    }

    @Override
    public Map<String, HostTensor> run(Map<String, HostTensor> inputs) {
      return Map.of("y", inputs.get("x"));
    }

    @Override
    public void run(int count, FloatBuffer input, FloatBuffer output) {
      if (batch.isKnown() && batch.size() != count) {
        throw new IllegalArgumentException("count: " + count + " (expected: " + batch + ")");
      }
      int floats = count * (int) (classes.isKnown() ? classes.size() : 3);
      for (int i = 0; i < floats; i++) {
        output.put(i, factor * input.get(i));
      }
    }

    @Override
    public void close() {}
  }
}
