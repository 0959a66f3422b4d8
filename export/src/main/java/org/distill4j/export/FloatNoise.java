package org.distill4j.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.HostTensor;

/**
 * What the rounding of floats can bring in a model: its answers, and those where each number that
 * goes in and each weight is off by as much. Where large numbers cancel, small answers are as
 * uncertain as those.
 *
 * @param rounding by which share of itself a number is off
 * @param plain the answers to all examples and probes
 * @param shaken likewise
 */
record FloatNoise(
    double rounding, List<Map<String, HostTensor>> plain, List<Map<String, HostTensor>> shaken) {
  /** Of long sums in float32. */
  static final double SINGLE = Math.scalb(1.0, -20);

  /** Of float16, which has 11 bits. */
  static final double HALF = Math.scalb(1.0, -11);

  /** No numbers at all. */
  static final FloatNoise NONE = new FloatNoise(0, List.of(), List.of());

  /** Takes copies. */
  FloatNoise {
    plain = List.copyOf(plain);
    shaken = List.copyOf(shaken);
  }

  /** Runs the shaken twin of the model whose answers these are. */
  static FloatNoise of(GoldenOutputs golden, Graph model, double rounding) {
    return of(golden, golden.answers(), model, rounding);
  }

  /** Runs a model that rounds less than the one whose answers these are, and its shaken twin. */
  static FloatNoise ofOther(GoldenOutputs golden, Graph model, double rounding) {
    List<Map<String, HostTensor>> plain = new ArrayList<>();
    try (Predictor onnx = OnnxRuntime.inRealNumbers().open(model, 1)) {
      golden.asked().forEach(asked -> plain.add(onnx.run(asked)));
    }
    return of(golden, plain, model, rounding);
  }

  private static FloatNoise of(
      GoldenOutputs golden, List<Map<String, HostTensor>> plain, Graph model, double rounding) {
    ExampleDraw draw = new ExampleDraw(model, 3);
    List<Map<String, HostTensor>> shaken = new ArrayList<>();
    try (Predictor twin =
        OnnxRuntime.inRealNumbers().open(RoundingTwin.shaken(model, rounding), 1)) {
      for (Map<String, HostTensor> asked : golden.asked()) {
        Map<String, HostTensor> otherwise = plain.get(shaken.size());
        shaken.add(answered(twin, draw.shaken(asked, rounding), otherwise));
      }
    }
    return new FloatNoise(rounding, plain, shaken);
  }

  /** What a twin says; where it cannot be asked there is no noise. */
  private static Map<String, HostTensor> answered(
      Predictor twin, Map<String, HostTensor> asked, Map<String, HostTensor> otherwise) {
    try {
      return twin.run(asked);
    } catch (RunFault e) {
      return otherwise;
    }
  }
}
