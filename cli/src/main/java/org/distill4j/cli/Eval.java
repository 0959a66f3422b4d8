package org.distill4j.cli;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.distill4j.cli.options.AnswersOption;
import org.distill4j.cli.options.InputFile;
import org.distill4j.cli.options.JsonOutput;
import org.distill4j.cli.options.ModelArgument;
import org.distill4j.cli.options.PreprocessingOption;
import org.distill4j.cli.options.SplitOptions;
import org.distill4j.data.Preprocessed;
import org.distill4j.data.Split;
import org.distill4j.eval.Confusion;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.ScoreKind;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.inference.Latency;
import org.distill4j.inference.Predictor;
import org.distill4j.progress.ProgressListener;
import org.distill4j.softlabels.TeacherCheck;
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
    description =
        "Measures how good and how fast a model is, in ONNX Runtime or its format's own runtime.",
    footer = {
      "",
      "Example: ./distill4j eval runs/quickstart/student/model.onnx --data fashion-mini"
    })
final class Eval implements Callable<Integer> {
  @Parameters(
      paramLabel = "MODEL",
      description = "An ONNX file, a TFLite file or a SavedModel's folder.",
      converter = InputFile.class)
  private Path model;

  @Option(
      names = "--signature",
      paramLabel = "NAME",
      description = "Which signature of a SavedModel is asked; serving_default if left out.")
  private String signature;

  @Mixin private SplitOptions data;
  @Mixin private PreprocessingOption preprocessing;
  @Mixin private AnswersOption answers;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "Threads for the latency; 1 if left out.")
  private int threads;

  @Option(
      names = "--classes",
      description = "Tell the recall and the precision of each class, too.")
  private boolean classes;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    data.require(spec);
    ModelArgument given =
        ModelArgument.read(model, Optional.ofNullable(signature))
            .told(spec.commandLine().getErr())
            .taking(preprocessing.told())
            .answering(answers.told());
    Split split = data.split(given);
    ModelArgument file = given.fitted(split.data());
    Evaluation found = file.other().isEmpty() ? own(file, split) : other(file, split);
    Latency latency;
    try (Predictor predictor = file.open(threads)) {
      latency = Latency.measure(predictor, 1, threads);
    }
    EvalResult result = EvalResult.of(file, data.purpose(split), found, latency, classes);
    spec.commandLine().getOut().println(json ? JsonOutput.line(result) : result.text());
    data.notes().forEach(spec.commandLine().getErr()::println);
    return 0;
  }

  private static Evaluation own(ModelArgument file, Split split) {
    Graph model = file.suited(split.data()).graph();
    Evaluation found = Evaluation.of(model, split);
    Evaluation.requireClear(model, split);
    return found;
  }

  /** In the model's own runtime. */
  private static Evaluation other(ModelArgument file, Split split) {
    Preprocessing taken = file.preprocessing(split.data());
    try (Predictor predictor = file.open(Runtime.getRuntime().availableProcessors())) {
      Preprocessed examples = new Preprocessed(split.data(), taken);
      String name = "model '" + file.name() + "'";
      ScoreKind.requireSame(name, predictor, examples);
      return Evaluation.of(
          predictor,
          ScoreKind.required(name, file.graph(), predictor, examples),
          taken,
          split,
          ProgressListener.NONE);
    }
  }

  /** What the command prints. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record EvalResult(
      String model,
      String data,
      String split,
      int n,
      Double accuracy,
      Integer errors,
      double loss,
      Double calibrationError,
      @JsonAnyGetter Map<String, Double> more,
      String atChance,
      @JsonIgnore String usualCause,
      double p50Ms,
      double p95Ms,
      double p99Ms,
      int threads,
      List<ClassResult> classes) {
    static EvalResult of(
        ModelArgument file, String split, Evaluation e, Latency l, boolean classes) {
      boolean numbers = e.task() == TaskType.REGRESSION;
      return new EvalResult(
          file.name(),
          e.data(),
          split,
          e.n(),
          numbers ? null : (Double) e.accuracy(),
          numbers ? null : (Integer) e.errors(),
          e.loss(),
          numbers ? null : (Double) e.calibration().error(),
          e.more(),
          e.atChance().orElse(null),
          TeacherCheck.usualCause(file.graph(), e),
          l.p50Ms(),
          l.p95Ms(),
          l.p99Ms(),
          l.threads(),
          classes ? ClassResult.of(e.confusion()) : List.of());
    }

    String text() {
      StringBuilder text = new StringBuilder();
      text.append(String.format(Locale.ROOT, "%s on %s, %s, n = %,d%n", model, data, split, n));
      if (accuracy != null) {
        line(text, "accuracy", String.format(Locale.ROOT, "%.4f (%,d errors)", accuracy, errors));
      }
      line(text, "loss", String.format(Locale.ROOT, accuracy == null ? "%.6g" : "%.4f nats", loss));
      if (calibrationError != null) {
        line(text, "calibration error", String.format(Locale.ROOT, "%.4f", calibrationError));
      }
      more.forEach(
          (name, value) ->
              line(text, name.replace('_', ' '), String.format(Locale.ROOT, "%.4f", value)));
      if (atChance != null) {
        line(text, "AT CHANCE", atChance);
        line(text, "", usualCause);
      }
      line(
          text,
          "latency",
          String.format(
              Locale.ROOT,
              "p50 %.3f ms, p95 %.3f ms, p99 %.3f ms (batch 1, threads %d)",
              p50Ms,
              p95Ms,
              p99Ms,
              threads));
      return text.toString().stripTrailing()
          + classes.stream().map(ClassResult::text).collect(Collectors.joining());
    }

    private static void line(StringBuilder text, String name, String value) {
      text.append(String.format(Locale.ROOT, "  %-18s %s%n", name, value));
    }
  }

  /**
   * One class.
   *
   * @param n how many examples of it there are
   * @param recall the share of them that is answered with it
   * @param precision the share of the answers with it that is right
   */
  record ClassResult(String name, int n, double recall, double precision) {
    static List<ClassResult> of(Confusion confusion) {
      List<String> names = confusion.classes();
      return IntStream.range(0, names.size())
          .mapToObj(
              k -> {
                int answered =
                    IntStream.range(0, names.size()).map(t -> confusion.count(t, k)).sum();
                return new ClassResult(
                    names.get(k),
                    confusion.examples(k),
                    confusion.accuracy(k),
                    (double) confusion.count(k, k) / answered);
              })
          .toList();
    }

    String text() {
      return String.format(
          Locale.ROOT,
          "%n  class '%s'  n = %,d, recall %.4f, precision %.4f",
          name,
          n,
          recall,
          precision);
    }
  }
}
