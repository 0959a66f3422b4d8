package org.distill4j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.distill4j.cli.options.InputFile;
import org.distill4j.cli.options.JsonOutput;
import org.distill4j.engine.lowering.TensorFlowLowering;
import org.distill4j.export.ForeignModelFile;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.Value;
import org.distill4j.onnx.OnnxFile;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.shapes.Cost;
import org.distill4j.shapes.NodeCost;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.shapes.Shapes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What is in a model. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description =
        "Lists a model's inputs, outputs, layers, parameters, multiply-adds and bytes, and tells"
            + " what cannot be trained, and why.",
    footer = {"", "Example: ./distill4j inspect runs/quickstart/student/model.onnx"})
final class Inspect implements Callable<Integer> {
  private static final Pattern NODE = Pattern.compile("(?<op>\\w+) (?<name>'[^']*')(?<why>: .*)");

  /** So many nodes of a kind are named; the others are counted. */
  private static final int NAMED = 3;

  @Parameters(paramLabel = "MODEL", description = "An ONNX file.", converter = InputFile.class)
  private Path model;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  /** One node. */
  record Layer(String name, String op, String shape, long parameters, long macs) {}

  /** What the command prints. */
  record Anatomy(
      String file,
      long bytes,
      int opset,
      List<String> inputs,
      List<String> outputs,
      long parameters,
      long macs,
      boolean macsComplete,
      Map<String, String> metadata,
      List<Layer> layers,
      List<String> cannotBeTrained) {}

  @Override
  public Integer call() {
    if (ForeignModelFile.is(model)) {
      throw new InputFault(
          model
              + ": is a TFLite file or a SavedModel (expected: an ONNX file, whose layers can be"
              + " listed); eval and predict take it as it is");
    }
    OnnxFile file = OnnxReader.open(model);
    Graph graph = file.graph();
    Shapes shapes = ShapeInference.infer(graph);
    Cost cost = Cost.of(graph);
    Anatomy anatomy =
        new Anatomy(
            model.toString(),
            file.bytes(),
            file.opset(),
            graph.inputs().stream().map(Inspect::line).toList(),
            graph.outputs().stream().map(v -> line(shapes.value(v.name()))).toList(),
            cost.parameters(),
            cost.macs(),
            cost.complete(),
            graph.metadata(),
            cost.nodes().stream().map(n -> layer(n, shapes)).toList(),
            TensorFlowLowering.unsupported(graph));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonOutput.line(anatomy));
    } else {
      print(anatomy, graph, out);
    }
    return 0;
  }

  private static Layer layer(NodeCost cost, Shapes shapes) {
    return new Layer(
        cost.node().name(),
        cost.node().op(),
        shapes.shape(cost.node().output()).toString(),
        cost.parameters(),
        cost.macs().orElse(0));
  }

  private static String line(Value value) {
    return value.name() + " " + value.type() + " " + value.shape();
  }

  private static void print(Anatomy a, Graph graph, PrintWriter out) {
    out.printf(Locale.ROOT, "%s, %,d bytes, opset %d%n", a.file(), a.bytes(), a.opset());
    a.inputs().forEach(i -> out.println("  input   " + i));
    a.outputs().forEach(o -> out.println("  output  " + o));
    Metadata.classes(graph).ifPresent(c -> out.println("  classes " + String.join(", ", c)));
    out.println(
        "  takes   "
            + Metadata.preprocessing(graph)
                .map(Preprocessing::formula)
                .orElse("what suits the data, as its file does not say (annotate writes it in)"));
    Metadata.lineage(graph).forEach((from, sha) -> out.println("  made from " + from + " " + sha));
    out.println();
    out.printf(
        "%-36s %-22s %-24s %12s %14s%n",
        "layer", "operator", "makes", "parameters", "multiply-adds");
    for (Layer l : a.layers()) {
      out.printf(
          Locale.ROOT,
          "%-36s %-22s %-24s %,12d %,14d%n",
          l.name(),
          l.op(),
          l.shape(),
          l.parameters(),
          l.macs());
    }
    out.printf(
        Locale.ROOT,
        "%-36s %-22s %-24s %,12d %,14d%s%n",
        "total",
        "",
        "",
        a.parameters(),
        a.macs(),
        a.macsComplete() ? "" : " (some shapes are not known)");
    out.println();
    if (a.cannotBeTrained().isEmpty()) {
      out.println("All of it can be trained.");
    } else {
      out.println("Cannot be trained:");
      byOperator(a.cannotBeTrained()).forEach(l -> out.println("  " + l));
    }
  }

  /** One line for all nodes of an operator that have the same fault, with a count. */
  static List<String> byOperator(List<String> faults) {
    Map<String, List<String>> nodes = new LinkedHashMap<>();
    for (String fault : faults) {
      Matcher of = NODE.matcher(fault);
      boolean isNode = of.matches();
      nodes
          .computeIfAbsent(
              isNode ? of.group("op") + of.group("why") : fault, k -> new ArrayList<>())
          .add(isNode ? of.group("name") : "");
    }
    return nodes.entrySet().stream().map(e -> line(e.getKey(), e.getValue())).toList();
  }

  private static String line(String fault, List<String> nodes) {
    int why = fault.indexOf(':');
    if (nodes.get(0).isEmpty() || why < 0) {
      return fault;
    }
    String named = String.join(", ", nodes.subList(0, Math.min(nodes.size(), NAMED)));
    return "%s %s%s%s"
        .formatted(
            fault.substring(0, why),
            nodes.size() == 1 ? named : "(" + nodes.size() + " nodes: " + named,
            nodes.size() == 1 ? "" : nodes.size() > NAMED ? ", ...)" : ")",
            fault.substring(why));
  }
}
