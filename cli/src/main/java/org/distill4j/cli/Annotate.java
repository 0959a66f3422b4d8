package org.distill4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.distill4j.cli.options.AnswersOption;
import org.distill4j.cli.options.InputFile;
import org.distill4j.cli.options.ModelArgument;
import org.distill4j.cli.options.PreprocessingOption;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes into a model's file what it takes and what it answers. */
@Command(
    name = "annotate",
    mixinStandardHelpOptions = true,
    description = {
      "Writes into a model's file what it does to raw pixels, and what its classes are called, so"
          + " that nobody has to tell it again."
    },
    footer = {
      "",
      "Example: ./distill4j annotate torch.onnx --preprocessing imagenet \\",
      "             --out told.onnx"
    })
final class Annotate implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "An ONNX file.", converter = InputFile.class)
  private Path model;

  @Mixin private PreprocessingOption preprocessing;
  @Mixin private AnswersOption answers;

  @Option(
      names = "--classes",
      split = ",",
      paramLabel = "NAME",
      description = "The classes' names in the order of the model's outputs, parted by commas.")
  private List<String> classes = List.of();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The ONNX file to write; the same file replaces it.")
  private Path out;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (preprocessing.told().isEmpty() && answers.told().isEmpty() && classes.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--preprocessing, --answers, --classes: none (expected: what to write)");
    }
    ModelArgument file =
        ModelArgument.read(model)
            .requireOnnx()
            .taking(preprocessing.told())
            .answering(answers.told());
    Graph graph = classes.isEmpty() ? file.graph() : named(file.graph());
    OnnxWriter.write(graph, out);
    Metadata.preprocessing(graph)
        .ifPresent(p -> spec.commandLine().getOut().println(out + " takes " + p.formula()));
    return 0;
  }

  private Graph named(Graph graph) {
    Shape shape = graph.outputs().get(0).shape();
    Dim last =
        !shape.isRanked()
            ? Dim.UNKNOWN
            : shape.rank() == 0 ? Dim.of(1) : shape.dim(shape.rank() - 1);
    boolean tellsTwoByOne = last.isKnown() && last.size() == 1 && classes.size() == 2;
    if (last.isKnown() && last.size() != classes.size() && !tellsTwoByOne) {
      throw new ParameterException(
          spec.commandLine(),
          "--classes: %s names (expected: %s, as the model answers)"
              .formatted(classes.size(), last.size() == 1 ? "1 or 2" : last.size()));
    }
    return Metadata.withClasses(graph, classes.stream().map(String::strip).toList());
  }
}
