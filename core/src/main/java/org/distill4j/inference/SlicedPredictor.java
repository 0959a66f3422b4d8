package org.distill4j.inference;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.distill4j.graph.Value;
import org.distill4j.tensor.HostTensor;

/**
 * Shares a batch out over threads: each takes the next slice of examples and runs the model on it
 * alone. Nobody waits for anybody inside a layer, and a slice's activations stay in a core's cache.
 *
 * <p>Slices have the same bounds on any number of threads, so an example's result does too.
 */
final class SlicedPredictor implements Predictor {
  /**
   * Examples a slice holds: few enough for convolutions to stay in the cache, enough for a matrix
   * to be worth reading.
   */
  private static final int SLICE = 32;

  private final Predictor model; // runs each call on the thread that makes it
  private final int threads;
  private final ExecutorService helpers;
  private volatile BatchRun batchRun; // made at the first fast run; all makers make the same

  SlicedPredictor(Predictor model, int threads) {
    this.model = model;
    this.threads = threads;
    this.helpers = Executors.newCachedThreadPool(SlicedPredictor::helper);
  }

  private static Thread helper(Runnable task) {
    Thread thread = new Thread(task, "distill4j-slices");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public List<Value> inputs() {
    return model.inputs();
  }

  @Override
  public List<Value> outputs() {
    return model.outputs();
  }

  @Override
  public Map<String, HostTensor> run(Map<String, HostTensor> tensors) {
    return model.run(tensors);
  }

  @Override
  public void run(int count, FloatBuffer input, FloatBuffer output) {
    BatchRun run = batchRun;
    if (run == null) {
      run = BatchRun.of(model);
      batchRun = run;
    }
    run.check(count, input, output);
    new Slices(run, count, input, output).run();
  }

  /** One batch on its way. */
  private final class Slices {
    private final BatchRun run;
    private final int count;
    private final FloatBuffer input;
    private final FloatBuffer output;
    private final int size;
    private final AtomicInteger next = new AtomicInteger(); // the first example nobody has taken

    Slices(BatchRun run, int count, FloatBuffer input, FloatBuffer output) {
      this.run = run;
      this.count = count;
      this.input = input;
      this.output = output;
      this.size = run.wholeBatches(SLICE);
    }

    /** Returns when all slices are done, or nobody works any longer because one has failed. */
    void run() {
      int slices = (count + size - 1) / size;
      List<Future<?>> others = new ArrayList<>();
      for (int i = 1; i < Math.min(threads, slices); i++) {
        try {
          others.add(helpers.submit(this::work));
        } catch (RejectedExecutionException e) {
          break; // closed, which the model will say
        }
      }
      RuntimeException thrown = null;
      try {
        work();
      } catch (RuntimeException e) {
        thrown = e;
      }
      for (Future<?> other : others) {
        thrown = await(other, thrown);
      }
      if (thrown != null) {
        throw thrown;
      }
    }

    private void work() {
      try {
        for (int from = next.getAndAdd(size); from < count; from = next.getAndAdd(size)) {
          int n = Math.min(size, count - from);
          model.run(n, run.inputs(input, from, n), run.outputs(output, from, n));
        }
      } catch (RuntimeException | Error e) {
        next.set(count); // the others may stop
        throw e;
      }
    }
  }

  /** What was thrown first, here or there; the buffers are in use until all have ended. */
  private static RuntimeException await(Future<?> other, RuntimeException thrown) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          other.get();
          return thrown;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof Error error) {
            throw error;
          }
          return thrown == null ? (RuntimeException) e.getCause() : thrown;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    helpers.shutdown();
    model.close();
  }
}
