package org.distill4j.quantize.ptq;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicReference;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.TensorStatistics;
import org.distill4j.quantize.prepare.ActivationPass;
import org.distill4j.tensor.HostTensor;

/**
 * Runs examples through a float model and watches tensors inside. One pass serves all observers;
 * memory is a batch's activations and a histogram for each tensor, however many examples there are.
 */
final class RangeCalibration {
  private RangeCalibration() {}

  /**
   * Watches tensors while some examples run.
   *
   * @throws RunFault if a tensor holds what is no finite number
   */
  static Map<String, TensorStatistics> run(
      Graph graph, Set<String> tensors, ActivationPass examples, ProgressListener listener) {
    Map<String, TensorStatistics> seen = new LinkedHashMap<>();
    tensors.forEach(t -> seen.put(t, new TensorStatistics()));
    examples.through(graph, tensors, made -> look(graph, made, seen), listener);
    return seen;
  }

  private static void look(
      Graph graph, Map<String, HostTensor> made, Map<String, TensorStatistics> seen) {
    AtomicReference<String> wrong = new AtomicReference<>();
    List<ForkJoinTask<?>> looks = new ArrayList<>(); // one each, as some are far larger than others
    seen.forEach(
        (tensor, observed) ->
            looks.add(
                ForkJoinTask.adapt(
                    () -> {
                      if (!observed.see(made.get(tensor))) {
                        wrong.set(tensor);
                      }
                    })));
    ForkJoinTask.invokeAll(looks);
    if (wrong.get() != null) {
      throw new RunFault(
          "tensor '%s' of model '%s': holds an infinity or NaN on calibration data (expected: finite numbers)"
              .formatted(wrong.get(), graph.name()));
    }
  }
}
