package org.distill4j.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Value;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/**
 * Batched inference: runs float32 examples through a model of one input and one output, in one run,
 * or in as many as it takes if the model's batch is fixed.
 */
public final class BatchRun {
  /** A stretch of the caller's memory under a value's name. */
  public record Bound(String name, FloatBuffer values, Shape shape) {}

  /** Reads one stretch and fills the other. */
  @FunctionalInterface
  interface Step {
    void run(Bound input, Bound output);
  }

  private final String input;
  private final String output;
  private final Shape inputExample;
  private final Shape outputExample;
  private final long fixedBatch; // -1 if the model takes any batch

  private BatchRun(
      String input, String output, Shape inputExample, Shape outputExample, long fixedBatch) {
    this.input = input;
    this.output = output;
    this.inputExample = inputExample;
    this.outputExample = outputExample;
    this.fixedBatch = fixedBatch;
  }

  /** Reads the shapes off the model. */
  static BatchRun of(Predictor model) {
    Value input = SingleValue.input(model);
    Dim batch = input.shape().dim(0);
    if (batch.size() == 0) {
      throw new InputFault(
          "model value '%s': %s (expected: a batch >= 1)".formatted(input.name(), input.shape()));
    }
    return new BatchRun(
        input.name(),
        SingleValue.output(model).name(),
        input.shape().dropFirst(),
        model.resultShape(),
        batch.size());
  }

  /** Refuses buffers that do not hold so many examples and results. */
  void check(int count, FloatBuffer in, FloatBuffer out) {
    if (count < 0) {
      throw new IllegalArgumentException("count: " + count + " (expected: >= 0)");
    }
    require("input", in, count, inputExample);
    require("output", out, count, outputExample);
  }

  /** The least number of examples, at least so many, that wastes nothing of a fixed batch. */
  int wholeBatches(int atLeast) {
    long batch = Math.max(1, fixedBatch);
    return Math.toIntExact((atLeast + batch - 1) / batch * batch);
  }

  /** A stretch of input examples, from the caller's memory. */
  FloatBuffer inputs(FloatBuffer in, int from, int count) {
    return stretch(in, from, count, inputExample);
  }

  /** A stretch of results, from the caller's memory. */
  FloatBuffer outputs(FloatBuffer out, int from, int count) {
    return stretch(out, from, count, outputExample);
  }

  private static FloatBuffer stretch(FloatBuffer buffer, int from, int count, Shape example) {
    int each = Math.toIntExact(example.elements());
    return buffer.slice(from * each, count * each);
  }

  /** Checks the buffers and runs the whole batch. */
  void run(int count, FloatBuffer in, FloatBuffer out, Step step) {
    check(count, in, out);
    if (fixedBatch < 0) {
      if (count > 0) {
        step.run(
            bound(input, in, 0, count, inputExample), bound(output, out, 0, count, outputExample));
      }
      return;
    }
    int batch = Math.toIntExact(fixedBatch);
    int at = 0;
    for (; at + batch <= count; at += batch) {
      step.run(
          bound(input, in, at, batch, inputExample), bound(output, out, at, batch, outputExample));
    }
    if (at < count) {
      runRest(count - at, batch, at, in, out, step);
    }
  }

  /** Fewer examples than the fixed batch: filled up with zeros, whose results are dropped. */
  private void runRest(int rest, int batch, int at, FloatBuffer in, FloatBuffer out, Step step) {
    FloatBuffer fullIn = direct(batch * inputExample.elements());
    FloatBuffer fullOut = direct(batch * outputExample.elements());
    FloatBuffer values = bound(input, in, at, rest, inputExample).values();
    fullIn.put(0, values, 0, values.remaining());
    step.run(
        bound(input, fullIn, 0, batch, inputExample),
        bound(output, fullOut, 0, batch, outputExample));
    FloatBuffer target = bound(output, out, at, rest, outputExample).values();
    target.put(0, fullOut, 0, target.remaining());
  }

  private static Bound bound(String name, FloatBuffer buffer, int from, int count, Shape example) {
    return new Bound(name, stretch(buffer, from, count, example), example.prepend(Dim.of(count)));
  }

  private static FloatBuffer direct(long elements) {
    int bytes = Math.toIntExact(Math.multiplyExact(elements, (long) Float.BYTES));
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  private static void require(String what, FloatBuffer buffer, int count, Shape example) {
    if (!buffer.isDirect() || buffer.order() != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException(
          what + ": a buffer that is not direct or not in native order (expected: both)");
    }
    long needed = Math.multiplyExact(count, example.elements());
    if (buffer.limit() < needed) {
      throw new IllegalArgumentException(
          "%s: room for %s floats (expected: at least %s, %s of %s)"
              .formatted(what, buffer.limit(), needed, count, example));
    }
  }
}
