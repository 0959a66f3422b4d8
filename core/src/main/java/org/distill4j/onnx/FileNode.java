package org.distill4j.onnx;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;

/**
 * The node that stands for a model in a file of another format. A model can name any file; whether
 * the one it names lies in its own folder is found as it is read, whatever it says itself.
 */
public final class FileNode {
  /** Its domain. */
  public static final String DOMAIN = "org.distill4j";

  /** Its operator. */
  public static final String OP = "File";

  /** The attribute with the file's path. */
  public static final String PATH = "path";

  /** The attribute that is not 0 where the file lies in the folder of the model that was read. */
  public static final String BESIDE = "beside";

  private FileNode() {}

  static boolean is(Node node) {
    return node.domain().equals(DOMAIN) && node.op().equals(OP);
  }

  /** The graph with what is true of its file nodes; the same if it has none. */
  static Graph checked(Graph graph, ModelSource source) {
    if (graph.nodes().stream().noneMatch(FileNode::is)) {
      return graph;
    }
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      nodes.add(is(node) ? checked(node, source) : node);
    }
    return new Graph(
        graph.name(),
        graph.inputs(),
        graph.outputs(),
        nodes,
        graph.initializers(),
        graph.metadata());
  }

  private static Node checked(Node node, ModelSource source) {
    Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
    attributes.remove(BESIDE);
    if (isBeside(node, source)) {
      attributes.put(BESIDE, Attribute.of(1));
    }
    return node.withAttributes(attributes);
  }

  private static boolean isBeside(Node node, ModelSource source) {
    try {
      return source.isBeside(Path.of(node.textAttribute(PATH, "")).toRealPath());
    } catch (InvalidPathException | IOException e) {
      return false; // it is not there at all
    }
  }
}
