package org.distill4j.inference;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.UnaryOperator;
import org.distill4j.graph.Value;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * A predictor of one runtime: what is fed is checked here, batches are brought to the size that the
 * model takes, and {@link #close} waits for the runs that are under way. How the model is run and
 * what is freed in the end is each runtime's own.
 */
public abstract class RuntimePredictor implements Predictor {
  /** How many threads may be within the runtime. */
  public enum Calls {
    /** Any number at a time. */
    TOGETHER,
    /** One after another. */
    ONE_BY_ONE
  }

  private final String model;
  private final List<Value> inputs;
  private final List<Value> outputs;
  private final Lock running;
  private final Lock closing;
  private boolean closed; // read under either lock, written under the second
  private volatile BatchRun batchRun; // made at the first fast run; all makers make the same

  /**
   * An open model.
   *
   * @param model its name in messages
   */
  protected RuntimePredictor(String model, List<Value> inputs, List<Value> outputs, Calls calls) {
    this.model = model;
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
    if (calls == Calls.TOGETHER) {
      ReentrantReadWriteLock life = new ReentrantReadWriteLock();
      this.running = life.readLock();
      this.closing = life.writeLock();
    } else {
      this.running = new ReentrantLock();
      this.closing = running;
    }
  }

  /** Runs the open model once on what was found to be what it takes. */
  protected abstract Map<String, HostTensor> answer(Map<String, HostTensor> tensors);

  /**
   * Runs the open model on one stretch of a batch; {@link #answer} between two copies where the
   * runtime has no faster way.
   */
  protected void answer(BatchRun.Bound in, BatchRun.Bound out) {
    float[] values = new float[Math.toIntExact(in.shape().elements())];
    in.values().get(0, values);
    HostTensor fed = HostTensor.ofFloats(in.shape(), values);
    out.values().put(0, answer(Map.of(in.name(), fed)).get(out.name()).toFloats());
  }

  /**
   * The answers to examples that are asked about one by one, for a model that remembers: what it is
   * asked first must not matter to the next. A batch whose extent is fixed stays together, and so
   * does an input that has no example to each of the batch.
   */
  protected final Map<String, HostTensor> eachAlone(
      Map<String, HostTensor> tensors, UnaryOperator<Map<String, HostTensor>> answer) {
    Map<String, HostTensor> batched = new LinkedHashMap<>();
    for (Value input : inputs) {
      HostTensor given = tensors.get(input.name());
      if (given.shape().rank() > 0 && isOpen(input.shape())) {
        batched.put(input.name(), given);
      }
    }
    long count = batched.values().stream().mapToLong(g -> g.shape().size(0)).findFirst().orElse(1);
    batched.values().removeIf(given -> given.shape().size(0) != count);
    if (count <= 1) {
      return answer.apply(tensors);
    }
    List<Map<String, HostTensor>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, HostTensor> one = new LinkedHashMap<>(tensors);
      for (Map.Entry<String, HostTensor> entry : batched.entrySet()) {
        one.put(entry.getKey(), Stacked.one(entry.getValue(), i));
      }
      answers.add(answer.apply(one));
    }
    return Stacked.all(answers);
  }

  private static boolean isOpen(Shape declared) {
    return !declared.isRanked() || !declared.dim(0).isKnown();
  }

  /** Frees what the runtime holds, once. */
  protected abstract void free();

  /** The model's name in messages. */
  protected final String model() {
    return model;
  }

  @Override
  public final List<Value> inputs() {
    return inputs;
  }

  @Override
  public final List<Value> outputs() {
    return outputs;
  }

  @Override
  public final Map<String, HostTensor> run(Map<String, HostTensor> tensors) {
    return run(tensors, this::answer);
  }

  /** Does something else with what the model takes, under the same checks. */
  protected final Map<String, HostTensor> run(
      Map<String, HostTensor> tensors, UnaryOperator<Map<String, HostTensor>> answer) {
    running.lock();
    try {
      requireOpen();
      InputCheck.check(model, inputs, tensors);
      return answer.apply(tensors);
    } finally {
      running.unlock();
    }
  }

  @Override
  public final void run(int count, FloatBuffer input, FloatBuffer output) {
    running.lock();
    try {
      requireOpen();
      BatchRun run = batchRun;
      if (run == null) {
        run = BatchRun.of(this);
        batchRun = run;
      }
      run.run(count, input, output, this::answer);
    } finally {
      running.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("model '" + model + "': is closed (expected: open)");
    }
  }

  @Override
  public final void close() {
    closing.lock();
    try {
      if (!closed) {
        closed = true;
        free();
      }
    } finally {
      closing.unlock();
    }
  }
}
