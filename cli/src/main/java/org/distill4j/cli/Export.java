package org.distill4j.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.distill4j.cli.options.AnswersOption;
import org.distill4j.cli.options.FormatConverter;
import org.distill4j.cli.options.InputFile;
import org.distill4j.cli.options.JsonOutput;
import org.distill4j.cli.options.ModelArgument;
import org.distill4j.cli.options.PreprocessingOption;
import org.distill4j.cli.options.SplitOptions;
import org.distill4j.data.Split;
import org.distill4j.export.ExportReport;
import org.distill4j.export.ExportSettings;
import org.distill4j.export.Exporter;
import org.distill4j.export.FixedShapes;
import org.distill4j.export.GoldenOutputs;
import org.distill4j.format.Bits;
import org.distill4j.format.Format;
import org.distill4j.format.InputOutputType;
import org.distill4j.format.Precision;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.onnx.OnnxForm;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A model in other forms, each proved in its own runtime. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Writes a model in the forms that servers, phones, browsers and microcontrollers run. Each"
            + " is run in its own runtime and compared with ONNX Runtime.",
    footer = {
      "",
      "Example: ./distill4j export runs/q/student/model.onnx \\",
      "             --to onnx,tflite --out exports",
      "Example: ./distill4j export model.onnx --to onnx --opset 13 --out old \\",
      "             --data fashion-mini"
    })
final class Export implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "An ONNX file.", converter = InputFile.class)
  private Path model;

  @Option(
      names = "--to",
      required = true,
      split = ",",
      paramLabel = "FORMAT",
      converter = FormatConverter.class,
      description = "One or more of: onnx, tflite, tflite-micro, savedmodel, tfjs.")
  private List<Format> formats;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "A new folder, an empty one, or an earlier export, which is replaced.")
  private Path out;

  @Option(names = "--opset", defaultValue = "21", description = "ONNX: an older opset, 7 to 21.")
  private int opset;

  @Option(names = "--external-data", description = "ONNX: weights in a file of their own.")
  private boolean external;

  @Option(names = "--float16", description = "ONNX: compute in float16.")
  private boolean half;

  @Option(
      names = "--tflite",
      paramLabel = "NUMBERS",
      description =
          "TFLite: float, dynamic (8-bit weights) or int8; what suits the model if left out.")
  private Precision precision;

  @Option(
      names = "--io",
      paramLabel = "TYPE",
      defaultValue = "INT8",
      description =
          "TFLite in 8 bits: what goes in and out, int8, uint8 or float; int8 if left out.")
  private InputOutputType ends;

  @Option(
      names = "--tfjs-bits",
      defaultValue = "32",
      description = "TF.js: bits of a stored weight, 8, 16 or 32; 32 if left out.")
  private int tfjsBits;

  @Option(
      names = "--demo",
      description = "TF.js: a page to draw on, demo.html, that needs no network.")
  private boolean demo;

  @Option(
      names = "--beside",
      paramLabel = "OTHER",
      description = "TF.js: another ONNX file to show on the page, such as the teacher.",
      converter = InputFile.class)
  private Path beside;

  @Option(
      names = "--shape",
      paramLabel = "NAME=1,3,240,320",
      description = "Fixes the shape of an input that the model leaves open.")
  private Map<String, String> shapes = new LinkedHashMap<>();

  @Mixin private SplitOptions data;
  @Mixin private PreprocessingOption preprocessing;
  @Mixin private AnswersOption answers;

  @Option(
      names = "--n",
      defaultValue = "100",
      description = "How many examples to compare on; 100 if left out. Random ones without --data.")
  private int n;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (n < 1) {
      throw new ParameterException(spec.commandLine(), "--n: " + n + " (expected: >= 1)");
    }
    if (beside != null && !demo) {
      throw new ParameterException(
          spec.commandLine(), "--beside: " + beside + " (expected: --demo with it)");
    }
    ModelArgument file =
        ModelArgument.read(model)
            .requireOnnx()
            .requireInferenceMode()
            .widened()
            .told(spec.commandLine().getErr())
            .taking(preprocessing.told())
            .answering(answers.told());
    Optional<Split> examples = data.given() ? Optional.of(data.split(file)) : Optional.empty();
    file = named(file, examples);
    ExportSettings settings =
        new ExportSettings(
            new TreeSet<>(formats),
            new OnnxForm(opset, external),
            half,
            Optional.ofNullable(precision),
            ends,
            bits(),
            demo ? Optional.of(page(file, examples)) : Optional.empty());
    Graph graph = withLineage(FixedShapes.apply(file.graph(), parsed()));
    ExportReport report = Exporter.export(graph, settings, golden(graph, file, examples), out);
    spec.commandLine().getOut().println(json ? JsonOutput.line(report) : report.text());
    return 0;
  }

  /** What integers an output needs is seen on training examples, whatever it is compared on. */
  private GoldenOutputs golden(Graph graph, ModelArgument file, Optional<Split> examples) {
    if (examples.isEmpty()) {
      return GoldenOutputs.random(graph, n);
    }
    Split split = examples.get();
    file.requireBetterThanChance(graph, split);
    return GoldenOutputs.of(graph, split.data(), n).seenOn(graph, data.all(file).train().data());
  }

  private Bits bits() {
    return Arrays.stream(Bits.values())
        .filter(b -> b.count() == tfjsBits)
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(), "--tfjs-bits: " + tfjsBits + " (expected: 8, 16 or 32)"));
  }

  private static ModelArgument named(ModelArgument file, Optional<Split> examples) {
    return examples.map(split -> file.naming(split.data())).orElse(file);
  }

  private ExportSettings.Demo page(ModelArgument file, Optional<Split> examples) {
    Optional<ModelArgument> other =
        Optional.ofNullable(beside)
            .map(ModelArgument::read)
            .map(ModelArgument::requireOnnx)
            .map(ModelArgument::requireInferenceMode)
            .map(ModelArgument::widened)
            .map(m -> named(m, examples));
    return new ExportSettings.Demo(
        file.name(),
        other.map(ModelArgument::graph),
        other.map(ModelArgument::name).orElse(""),
        examples.map(Split::data));
  }

  private Graph withLineage(Graph graph) {
    Map<String, String> lineage = new LinkedHashMap<>(Metadata.lineage(graph));
    lineage.put("exported-from", Sha256.of(model));
    return Metadata.withLineage(graph, lineage);
  }

  private Map<String, Shape> parsed() {
    Map<String, Shape> parsed = new LinkedHashMap<>();
    shapes.forEach(
        (name, text) -> {
          try {
            long[] sizes =
                Arrays.stream(text.split(","))
                    .map(String::strip)
                    .mapToLong(Long::parseLong)
                    .toArray();
            parsed.put(name, Shape.of(sizes));
          } catch (IllegalArgumentException e) {
            throw new ParameterException(
                spec.commandLine(),
                "--shape: " + name + "=" + text + " (expected: numbers, as in NAME=1,3,240,320)",
                e);
          }
        });
    return parsed;
  }
}
