package org.distill4j.onnx;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;

/** What the specification says of each of ONNX's own operators up to opset 21. */
final class OperatorVersions {
  private static final int ANY = Integer.MAX_VALUE;
  private static final Map<String, Operator> TABLE = load();

  private OperatorVersions() {}

  /** How many of something an operator takes or makes. */
  private record Count(int least, int most) {
    static Count parse(String text) {
      String[] ends = text.split("\\.\\.", -1);
      int least = Integer.parseInt(ends[0]);
      return new Count(least, ends.length == 1 ? ANY : parseMost(ends[1]));
    }

    private static int parseMost(String text) {
      return text.equals("*") ? ANY : Integer.parseInt(text);
    }

    boolean holds(int n) {
      return n >= least && n <= most;
    }

    @Override
    public String toString() {
      return least == most ? "" + least : most == ANY ? least + " or more" : least + " to " + most;
    }
  }

  /**
   * One setting of an operator.
   *
   * @param kind which kind of attribute it is
   * @param isCurrent whether opset 21 still has it
   * @param isRequired whether opset 21 asks for it
   */
  private record Setting(String kind, boolean isCurrent, boolean isRequired) {}

  private record Operator(
      Count opsets, Count inputs, Count outputs, Map<String, Setting> settings) {}

  private static Map<String, Operator> load() {
    Map<String, Operator> table = new LinkedHashMap<>();
    try (InputStream in = OperatorVersions.class.getResourceAsStream("operators.txt");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          String[] words = line.split(" ", -1);
          Map<String, Setting> settings = new LinkedHashMap<>();
          for (int i = 4; i < words.length; i++) {
            String[] pair = words[i].split(":", -1);
            String name = pair[0].replace("-", "").replace("!", "");
            settings.put(
                name, new Setting(pair[1], !pair[0].startsWith("-"), pair[0].endsWith("!")));
          }
          table.put(
              words[0],
              new Operator(
                  Count.parse(words[1]), Count.parse(words[2]), Count.parse(words[3]), settings));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return table;
  }

  /**
   * Refuses a node as the file has it: an operator that its opset has not, or an attribute of
   * another kind than the operator's.
   *
   * @param node of ONNX's own domain
   * @param opset of the file
   */
  static void checkBefore(Node node, int opset, ModelSource source) {
    Operator operator = TABLE.get(node.op());
    if (operator == null) {
      source.require(
          opset == Graph.OPSET,
          node
              + ": unknown operator in opset "
              + opset
              + " (expected: one of ONNX's own); export the model with opset "
              + Graph.OPSET
              + " to keep it as it is");
      return;
    }
    source.require(
        operator.opsets.holds(opset),
        node
            + ": is not in opset "
            + opset
            + " (expected: "
            + operator.opsets
            + "); export the model with such an opset");
    node.attributes()
        .forEach(
            (name, attribute) -> {
              Setting setting = operator.settings.get(name);
              source.require(
                  setting == null || setting.kind.equals(kind(attribute)),
                  node
                      + " attribute '"
                      + name
                      + "': is of kind "
                      + kind(attribute)
                      + " (expected: "
                      + (setting == null ? "" : setting.kind)
                      + ")");
            });
  }

  /**
   * Refuses a node that opset 21 would not take: too few inputs, an unknown attribute.
   *
   * @param node of ONNX's own domain, upgraded
   */
  static void checkAfter(Node node, ModelSource source) {
    Operator operator = TABLE.get(node.op());
    if (operator == null) {
      return;
    }
    int given =
        (int) node.inputs().stream().limit(operator.inputs.least).filter(i -> !i.isEmpty()).count();
    source.require(
        operator.inputs.holds(node.inputs().size()) && given == operator.inputs.least,
        node
            + ": "
            + given
            + " of its "
            + node.inputs().size()
            + " inputs are given (expected: "
            + operator.inputs
            + ")");
    source.require(
        operator.outputs.holds(node.outputs().size()),
        node + ": makes " + node.outputs().size() + " values (expected: " + operator.outputs + ")");
    for (String name : node.attributes().keySet()) {
      Setting setting = operator.settings.get(name);
      source.require(
          setting != null && setting.isCurrent,
          node + " attribute '" + name + "': is unknown (expected: one of its operator's)");
    }
    operator.settings.forEach(
        (name, setting) ->
            source.require(
                !setting.isRequired || node.attributes().containsKey(name),
                node + " attribute '" + name + "': is missing (expected: " + setting.kind + ")"));
  }

  private static String kind(Attribute attribute) {
    if (attribute instanceof Attribute.Int) {
      return "int";
    } else if (attribute instanceof Attribute.Real) {
      return "real";
    } else if (attribute instanceof Attribute.Text) {
      return "text";
    } else if (attribute instanceof Attribute.Array) {
      return "array";
    } else if (attribute instanceof Attribute.Ints) {
      return "ints";
    } else if (attribute instanceof Attribute.Reals) {
      return "reals";
    }
    return "texts";
  }
}
