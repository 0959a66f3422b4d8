package org.distill4j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.distill4j.cli.options.AnswersOption;
import org.distill4j.cli.options.DataOptions;
import org.distill4j.cli.options.InputFile;
import org.distill4j.cli.options.JsonOutput;
import org.distill4j.cli.options.ModelArgument;
import org.distill4j.cli.options.PreprocessingOption;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.eval.Evaluation;
import org.distill4j.graph.Value;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.Preference;
import org.distill4j.quantize.ptq.RangeMode;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.report.ConsoleProgress;
import org.distill4j.results.Formats;
import org.distill4j.search.Candidate;
import org.distill4j.search.CompressSettings;
import org.distill4j.search.CompressionSearch;
import org.distill4j.search.Limits;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks for a smaller model that answers as well. */
@Command(
    name = "compress",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a model smaller, and loses no more accuracy than a limit allows.",
      "Tries 8-bit integers first, with one repair after the other until the limit is kept. Then it"
          + " takes out channels, trains the rest on with the model itself as the teacher, and"
          + " makes 8-bit integers of that.",
      "Every model is kept. Run again, the command goes on where it was. When the budget is spent,"
          + " or Ctrl-C ends it, it names the best model so far; pareto.html shows all of them.",
      "A gain is at least 5 %% fewer bytes or 5 %% less time: a model that gains less is not taken,"
          + " however little it loses.",
      "Exit code 3: no model was within the limit, or none of those gains anything; the best is"
          + " kept and named."
    },
    footer = {
      "",
      "Example: ./distill4j compress runs/quickstart/student/model.onnx \\",
      "             --data fashion-mini --max-drop 0.01"
    })
final class Compress implements Callable<Integer> {
  private static final int NOT_PASSED = 3;

  @Parameters(
      paramLabel = "MODEL",
      description = "An ONNX file, float.",
      converter = InputFile.class)
  private Path model;

  @Mixin private DataOptions data;
  @Mixin private PreprocessingOption preprocessing;
  @Mixin private AnswersOption answers;

  @Option(
      names = "--max-drop",
      defaultValue = "0.01",
      description = "How much validation accuracy may be lost, as a share of 1; 0.01 if left out.")
  private double maxDrop;

  @Option(
      names = "--budget",
      defaultValue = "20m",
      description =
          "How long to search, such as 90s, 20m or 2h; 20m if left out. Trainings are shortened"
              + " to fit, and nothing is begun that cannot end in time.")
  private String budget;

  @Option(
      names = "--samples",
      defaultValue = "512",
      description = "Training examples to calibrate with; 512 if left out.")
  private long samples;

  @Option(
      names = "--no-training",
      description =
          "Try only what needs no training: no channel is taken out, no model is trained on.")
  private boolean noTraining;

  @Option(
      names = "--form",
      defaultValue = "static",
      description =
          "How the ranges of activations are found: static, once by calibration, or dynamic, at"
              + " each run (Gemm and MatMul only); static if left out.")
  private RangeMode form;

  @Option(
      names = "--target",
      defaultValue = "here",
      description =
          "The machine the model is for: here, x86-vnni, x86-avx2, arm, browser or"
              + " microcontroller; here if left out. For another machine no time is measured.")
  private TargetMachine target;

  @Option(
      names = "--prefer",
      defaultValue = "bytes",
      description =
          "Which model within the limit is the best: bytes, the smallest, or speed, the fastest,"
              + " where layers that integers slow down stay float; bytes if left out.")
  private Preference prefer;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where candidates are kept; compressed/ beside the model if left out.")
  private Path out;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    data.require(spec);
    ModelArgument given =
        ModelArgument.read(model)
            .requireOnnx()
            .widened()
            .told(spec.commandLine().getErr())
            .taking(preprocessing.told())
            .answering(answers.told());
    Limits limits = new Limits(maxDrop, duration(), samples, !noTraining);
    Splits splits = data.find(given);
    ModelArgument file = given.naming(splits.train().data()).fitted(splits.train().data());
    Value taken = given.graph().inputs().get(0);
    Value fed = file.graph().inputs().get(0);
    if (taken.type() != fed.type() || !taken.shape().equals(fed.shape())) {
      spec.commandLine()
          .getErr()
          .printf(
              Locale.ROOT,
              "%s: takes %s %s; what is made of it takes %s %s%n",
              model,
              taken.type(),
              taken.shape(),
              fed.type(),
              fed.shape());
    }
    requireClear(file, splits);
    Path folder = out == null ? InputFile.folder(model).resolve("compressed") : out;
    PrintWriter printer = spec.commandLine().getOut();
    try (ParetoProgress watch = new ParetoProgress(model, folder, printer, json)) {
      CompressionSearch.Found found =
          CompressionSearch.in(
              file.graph(),
              splits,
              limits,
              wanted(),
              folder,
              Runtime.getRuntime().availableProcessors(),
              json ? ProgressListener.NONE : ConsoleProgress.here(),
              watch);
      if (json) {
        printer.println(JsonOutput.line(found));
      } else {
        print(found, folder, printer);
        watch.found().withoutGain().forEach(printer::println);
        printer.println(new Recommendation(found, model, folder, maxDrop, prefer).says());
        printer.println("look: " + watch.page());
      }
      return found.passed() ? 0 : NOT_PASSED;
    }
  }

  /** Of a model that answers of the data's classes at all; else the search says what is wrong. */
  private static void requireClear(ModelArgument file, Splits splits) {
    if (file.graph().inputs().size() != 1 || file.graph().outputs().size() != 1) {
      return;
    }
    Dataset data = splits.validation().data();
    long answers = file.classCount();
    int classes = data.classes().size();
    if (answers == classes || (answers == 1 && classes == 2)) {
      Evaluation.requireClear(Evaluation.asked(file.graph(), data.task()), splits.validation());
    }
  }

  private CompressSettings wanted() {
    try {
      return new CompressSettings(target, form, prefer);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private Duration duration() {
    try {
      return Duration.parse("PT" + budget.toUpperCase(Locale.ROOT));
    } catch (DateTimeParseException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--budget: '" + budget + "' (expected: a time such as 90s, 20m or 2h)",
          e);
    }
  }

  private void print(CompressionSearch.Found found, Path folder, PrintWriter printer) {
    CandidateTable.print(found.candidates(), printer);
    printer.println();
    lines(found, folder).forEach(printer::println);
  }

  private List<String> lines(CompressionSearch.Found found, Path folder) {
    Candidate base = found.candidates().get(0);
    Candidate best = found.best();
    String front =
        "no candidate is better in accuracy, bytes and %s than: "
                .formatted(base.p50Ms() == null ? "multiply-adds" : "latency")
            + String.join(", ", found.front());
    if (best.equals(base)) {
      return List.of(
          "best: %s, the model as it is: nothing that was made of it is worth taking"
              .formatted(base.name()),
          String.format(Locale.ROOT, "test: %.4f", found.floatTestAccuracy()),
          front);
    }
    return List.of(
        String.format(
            Locale.ROOT,
            "%s: %s, %s (limit %.2f points on validation)",
            found.passed() ? "best" : "NOT within the limit; loses least",
            best.name(),
            folder.resolve(best.file()),
            100 * maxDrop),
        String.format(
            Locale.ROOT,
            "%s; %.0f %% of the multiply-adds, %.0f %% of these on integers; %s",
            best.isSmaller(base)
                ? String.format(
                    Locale.ROOT, "%.1f times smaller", (double) base.bytes() / best.bytes())
                : "no smaller: no gain in bytes",
            100.0 * best.macs() / Math.max(1, base.macs()),
            100.0 * best.integerMacs() / Math.max(1, best.macs()),
            speed(base, best)),
        String.format(
            Locale.ROOT,
            "test: %.4f against %.4f of the float model, %+.2f points (95 %% CI %+.2f to %+.2f,"
                + " McNemar %s, n = %,d)",
            found.testAccuracy(),
            found.floatTestAccuracy(),
            100 * found.onTest().delta(),
            100 * found.onTest().low(),
            100 * found.onTest().high(),
            Formats.p(found.onTest().p()),
            found.onTest().n()),
        front);
  }

  private String speed(Candidate base, Candidate best) {
    if (base.p50Ms() == null || best.p50Ms() == null) {
      return "no time was measured, as target " + target.spelling() + " is not this machine";
    }
    double speed = base.p50Ms() / best.p50Ms();
    return best.isFaster(base)
        ? String.format(Locale.ROOT, "%.2f times faster on this processor", speed)
        : String.format(
            Locale.ROOT,
            "no faster on this processor (%.2f times the time)%s",
            1 / speed,
            best.isSmaller(base) ? ": size alone was gained" : "");
  }
}
