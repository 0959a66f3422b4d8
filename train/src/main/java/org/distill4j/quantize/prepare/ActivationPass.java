package org.distill4j.quantize.prepare;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.data.Preprocessed;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.inference.ActivationRecorder;
import org.distill4j.progress.ProgressListener;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * A calibration run: examples picked evenly over the data run through models while tensors inside
 * are looked at. Memory is one batch's tensors, however many examples there are.
 */
public final class ActivationPass {
  private static final int BATCH = 16; // large enough for the kernels, small for the caches

  private final Preprocessed examples;
  private final long count;
  private final int threads;

  /** Looks at the tensors of a batch; they are gone when it returns. */
  @FunctionalInterface
  public interface Look {
    /**
     * Is shown a batch.
     *
     * @param made the tensors by name
     */
    void at(Map<String, HostTensor> made);
  }

  /**
   * Examples for a look.
   *
   * @param count how many examples at most
   * @param threads how many a model may use
   * @throws InputFault if there are fewer than two
   */
  public ActivationPass(Preprocessed examples, long count, int threads) {
    long size = examples.data().size();
    if (size < 2 || count < 2) {
      throw new InputFault(
          "calibration examples: %s (expected: >= 2, better some hundreds); give more data"
              .formatted(Math.min(size, count)));
    }
    this.examples = examples;
    this.count = Math.min(count, size);
    this.threads = threads;
  }

  /** The same with at most so many examples, and at least two. */
  public ActivationPass atMost(long fewer) {
    return new ActivationPass(examples, Math.max(2, Math.min(count, fewer)), threads);
  }

  /** How many examples run. */
  public long count() {
    return count;
  }

  /** How many threads a model may use. */
  public int threads() {
    return threads;
  }

  /** {@link #through(Graph, Collection, Look, ProgressListener)} without a word. */
  public void through(Graph graph, Collection<String> tensors, Look look) {
    through(graph, tensors, look, ProgressListener.NONE);
  }

  /**
   * Runs the examples through as much of a model as the tensors need.
   *
   * @param graph one input
   * @param tensors which to look at; the input may be among them
   */
  public void through(
      Graph graph, Collection<String> tensors, Look look, ProgressListener listener) {
    Value input = graph.onlyInput();
    int fixed = input.shape().dim(0).isKnown() ? (int) input.shape().dim(0).size() : 0;
    int batch = fixed > 0 ? fixed : BATCH;
    Shape shape = examples.data().shape();
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.toIntExact(batch * shape.elements() * Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    listener.begin("calibration", count, "examples");
    String summary = "given up";
    try (ActivationRecorder watch = ActivationRecorder.open(ending(graph, tensors), threads)) {
      long done = 0;
      while (done < count) {
        int n = fixed > 0 ? fixed : (int) Math.min(batch, count - done);
        FloatBuffer target = bytes.clear().asFloatBuffer();
        for (int i = 0; i < n; i++) {
          examples.read(picked(Math.min(done + i, count - 1)), target);
        }
        ByteBuffer filled = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        filled.limit(Math.toIntExact(n * shape.elements() * Float.BYTES));
        HostTensor fed = HostTensor.of(DType.FLOAT32, shape.prepend(Dim.of(n)), filled);
        Map<String, HostTensor> made = new LinkedHashMap<>(watch.run(fed));
        if (tensors.contains(input.name())) {
          made.put(input.name(), fed);
        }
        look.at(made);
        done = Math.min(count, done + n);
        listener.advance(done, Map.of());
      }
      summary = done + " examples, " + tensors.size() + " tensors";
    } finally {
      listener.end(summary);
    }
  }

  /** Evenly over the data, which may be sorted by class. */
  private long picked(long i) {
    return i * examples.data().size() / count;
  }

  /** The part of a graph that makes some tensors, which become its outputs. */
  private static Graph ending(Graph graph, Collection<String> tensors) {
    Map<String, Node> producers = graph.producers();
    Set<Node> needed = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(tensors);
    Set<String> used = new LinkedHashSet<>();
    while (!open.isEmpty()) {
      String value = open.pop();
      Node maker = producers.get(value);
      if (used.add(value) && maker != null && needed.add(maker)) {
        maker.inputs().forEach(open::push);
      }
    }
    List<Value> outputs = new ArrayList<>();
    for (String tensor : new LinkedHashSet<>(tensors)) {
      if (!tensor.equals(graph.onlyInput().name())) {
        outputs.add(new Value(tensor, DType.FLOAT32, Shape.UNRANKED));
      }
    }
    if (outputs.isEmpty()) { // only the input is looked at: some output must be there
      return graph;
    }
    Map<String, HostTensor> constants = new LinkedHashMap<>(graph.initializers());
    constants.keySet().retainAll(used);
    return new Graph(
        graph.name(),
        graph.inputs(),
        outputs,
        graph.nodes().stream().filter(needed::contains).toList(),
        constants,
        graph.metadata());
  }
}
