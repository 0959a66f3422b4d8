package org.distill4j.quantize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.distill4j.data.Preprocessed;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.progress.ProgressListener;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Runs examples through a float model and watches tensors inside. One pass serves all observers;
 * memory is a batch's activations and a histogram for each tensor, however many examples there are.
 */
final class Calibration {
  private static final int BATCH = 32;

  private final Graph graph;
  private final Set<String> tensors;
  private final Map<String, Observed> seen = new LinkedHashMap<>();

  private Calibration(Graph graph, Set<String> tensors) {
    this.graph = graph;
    this.tensors = tensors;
    tensors.forEach(t -> seen.put(t, new Observed()));
  }

  /**
   * Watches tensors while some examples run.
   *
   * @param count how many examples at most; they are picked evenly over the data
   * @throws InputFault if there are no examples
   * @throws RunFault if a tensor holds what is no finite number
   */
  static Map<String, Observed> run(
      IntegerPlan plan,
      Graph graph,
      Preprocessed examples,
      long count,
      int threads,
      ProgressListener listener) {
    long size = examples.data().size();
    if (size < 2 || count < 2) {
      throw new InputFault(
          "calibration examples: %d (expected: >= 2, better some hundreds); give more data"
              .formatted(Math.min(size, count)));
    }
    Calibration calibration = new Calibration(graph, plan.tensors());
    calibration.watch(plan, examples, Math.min(count, size), threads, listener);
    return calibration.seen;
  }

  private void watch(
      IntegerPlan plan, Preprocessed examples, long count, int threads, ProgressListener listener) {
    Graph exposed = exposed(plan);
    Value input = graph.onlyInput();
    long fixed = input.shape().dim(0).isKnown() ? input.shape().dim(0).size() : BATCH;
    int batch = Math.toIntExact(fixed);
    long floats = examples.data().shape().elements();
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.toIntExact(batch * floats * Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    listener.begin("calibration", count, "examples");
    String summary = "given up";
    try (Predictor predictor = new OnnxRuntime().open(exposed, threads)) {
      long done = 0;
      while (done < count) {
        int n = input.shape().dim(0).isKnown() ? batch : (int) Math.min(batch, count - done);
        FloatBuffer target = bytes.clear().asFloatBuffer();
        for (int i = 0; i < n; i++) {
          examples.read(picked(Math.min(done + i, count - 1), count, examples), target);
        }
        bytes.limit(Math.toIntExact(n * floats * Float.BYTES));
        HostTensor fed =
            HostTensor.of(
                input.type(), examples.data().shape().prepend(Dim.of(n)), bytes.duplicate());
        look(input.name(), fed, predictor.run(Map.of(input.name(), fed)));
        done = Math.min(count, done + n);
        listener.advance(done, Map.of());
      }
      summary = done + " examples, " + tensors.size() + " tensors";
    } finally {
      listener.end(summary);
    }
  }

  /** Evenly over the data, which may be sorted by class. */
  private static long picked(long i, long count, Preprocessed examples) {
    return i * examples.data().size() / count;
  }

  /** The model with every watched tensor among its outputs. */
  private Graph exposed(IntegerPlan plan) {
    List<Value> outputs = new ArrayList<>(graph.outputs());
    Set<String> there = new HashSet<>();
    outputs.forEach(v -> there.add(v.name()));
    graph.inputs().forEach(v -> there.add(v.name()));
    for (String tensor : tensors) {
      if (there.add(tensor)) {
        Value value = plan.value(tensor);
        outputs.add(new Value(tensor, value.type(), Shape.UNRANKED));
      }
    }
    return new Graph(
        graph.name(),
        graph.inputs(),
        outputs,
        graph.nodes(),
        graph.initializers(),
        graph.metadata());
  }

  private void look(String input, HostTensor fed, Map<String, HostTensor> made) {
    AtomicReference<String> wrong = new AtomicReference<>();
    tensors.parallelStream()
        .forEach(
            tensor -> {
              HostTensor values = tensor.equals(input) ? fed : made.get(tensor);
              if (!seen.get(tensor).see(values.floats())) {
                wrong.set(tensor);
              }
            });
    if (wrong.get() != null) {
      throw new RunFault(
          "tensor '%s' of model '%s': holds an infinity or NaN on calibration data (expected: finite numbers)"
              .formatted(wrong.get(), graph.name()));
    }
  }
}
