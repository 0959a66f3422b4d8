package org.distill4j.report;

import java.util.List;
import org.distill4j.results.Metrics;
import org.distill4j.results.Results;

/** A run's outcome to show. */
final class Samples {
  private Samples() {}

  static Results results() {
    return new Results(
        1,
        "quickstart",
        1,
        151.2,
        new Results.Data("fashion-mini", 10_800, 1200, 10_000, "9f2c".repeat(16)),
        List.of(
            new Results.Stage("teacher", 60.1, false, "teacher/model.onnx", "a1".repeat(32)),
            new Results.Stage("labels", 4.2, true, "labels/soft.safetensors", "b2".repeat(32)),
            new Results.Stage(
                "student-alone", 6.3, false, "student-alone/model.onnx", "c3".repeat(32)),
            new Results.Stage("student", 31.5, false, "student/model.onnx", "d4".repeat(32)),
            new Results.Stage(
                "student-all-labels",
                29.8,
                false,
                "student-all-labels/model.onnx",
                "e5".repeat(32))),
        List.of(
            model("teacher", 896_906, 28_901_632, 3_590_201, 1010, 0.312, 0.912),
            model("student-alone", 52_138, 620_000, 210_934, 1710, 0.561, 0.061),
            model("student", 52_138, 620_000, 210_934, 1200, 0.343, 0.060),
            model("student-all-labels", 52_138, 620_000, 210_934, 1120, 0.330, 0.061)),
        List.of(
            comparison("student", "student-alone", 251, 761),
            comparison("student", "teacher", 512, 322),
            comparison("student", "student-all-labels", 460, 380)),
        List.of(),
        null);
  }

  /** The same run, whose student became smaller in two steps. */
  static Results smaller(Results.Model pruned, Results.Model integers) {
    Results whole = results();
    return new Results(
        1,
        "smaller",
        1,
        151.2,
        whole.data(),
        whole.stages(),
        List.of(whole.models().get(2), pruned, integers),
        List.of(),
        List.of(),
        null);
  }

  static Results.Model model(
      String name, long parameters, long macs, long bytes, int errors, double loss, double p50) {
    return new Results.Model(
        name,
        name + "/model.onnx",
        parameters,
        macs,
        bytes,
        new Metrics(10_000, 1 - errors / 1e4, errors, loss, 0.021),
        new Results.Latency(1, 1, p50, 1.2 * p50, 1.6 * p50));
  }

  private static Results.Comparison comparison(
      String candidate, String baseline, int lost, int won) {
    return Results.Comparison.of(
        candidate, baseline, new org.distill4j.eval.Comparison(10_000, lost, won));
  }
}
