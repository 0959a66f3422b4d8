package org.distill4j.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.distill4j.data.Split;
import org.distill4j.eval.Evaluation;
import org.distill4j.inference.Latency;
import org.distill4j.inference.Predictor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Metrics and latency of any model. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description = "Tells how good and how fast a model is, in ONNX Runtime.",
    footer = {
      "",
      "Example: ./distill4j eval runs/quickstart/student/model.onnx --data fashion-mini"
    })
final class Eval implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "An ONNX file.")
  private Path model;

  @Mixin private DataOptions data;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "Threads for the latency; 1 if left out.")
  private int threads;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    data.require(spec);
    ModelFile file = ModelFile.read(model);
    Split split = data.split(file);
    Evaluation found = Evaluation.of(file.graph(), split);
    Latency latency;
    try (Predictor predictor = file.open(threads)) {
      latency = Latency.measure(predictor, 1, threads);
    }
    EvalResult result = EvalResult.of(file.name(), split, found, latency);
    spec.commandLine().getOut().println(json ? Json.line(result) : result.text());
    return 0;
  }

  /** What the command prints. */
  record EvalResult(
      String model,
      String data,
      String split,
      int n,
      double accuracy,
      int errors,
      double loss,
      double calibrationError,
      double p50Ms,
      double p95Ms,
      double p99Ms,
      int threads) {
    static EvalResult of(String model, Split split, Evaluation e, Latency l) {
      return new EvalResult(
          model,
          split.data().name(),
          split.purpose(),
          e.n(),
          e.accuracy(),
          e.errors(),
          e.loss(),
          e.calibration().error(),
          l.p50Ms(),
          l.p95Ms(),
          l.p99Ms(),
          l.threads());
    }

    String text() {
      return String.format(
          Locale.ROOT,
          """
          %s on %s, %s, n = %,d
            accuracy           %.4f (%,d errors)
            loss               %.4f nats
            calibration error  %.4f
            latency            p50 %.3f ms, p95 %.3f ms, p99 %.3f ms (batch 1, threads %d)""",
          model,
          data,
          split,
          n,
          accuracy,
          errors,
          loss,
          calibrationError,
          p50Ms,
          p95Ms,
          p99Ms,
          threads);
    }
  }
}
