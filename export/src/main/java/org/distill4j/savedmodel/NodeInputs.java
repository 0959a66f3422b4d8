package org.distill4j.savedmodel;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.storage.AtomicFile;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SavedModel;

/**
 * Whether the nodes of a SavedModel have as many inputs as their operators take: where one has
 * none, TensorFlow looks at the first before it counts, and ends the process.
 */
final class NodeInputs {
  private static final int UNKNOWN = -1;

  private final Path folder;
  private final Map<String, OpDef> operators = new HashMap<>();

  private NodeInputs(Path folder, GraphDef graph) {
    this.folder = folder;
    operators.putAll(Registered.OPERATORS);
    for (FunctionDef function : graph.getLibrary().getFunctionList()) {
      operators.put(function.getSignature().getName(), function.getSignature());
    }
  }

  /** What TensorFlow has; it has to be loaded. */
  private static final class Registered {
    static final Map<String, OpDef> OPERATORS = new HashMap<>();

    static {
      TensorFlow.registeredOpList().getOpList().forEach(op -> OPERATORS.put(op.getName(), op));
    }
  }

  /**
   * Refuses a folder that is not whole.
   *
   * @throws InputFault naming the folder, and the node
   */
  static void require(Path folder) {
    try (InputStream in = Files.newInputStream(folder.resolve("saved_model.pb"))) {
      for (MetaGraphDef meta : SavedModel.parseFrom(in).getMetaGraphsList()) {
        NodeInputs inputs = new NodeInputs(folder, meta.getGraphDef());
        inputs.require(meta.getGraphDef().getNodeList());
        for (FunctionDef function : meta.getGraphDef().getLibrary().getFunctionList()) {
          inputs.require(function.getNodeDefList());
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new InputFault(
          folder + ": its saved_model.pb is damaged (expected: a SavedModel); copy it again", e);
    } catch (IOException e) {
      throw new InputFault(folder + ": cannot be read: " + AtomicFile.reason(e), e);
    }
  }

  private void require(List<NodeDef> nodes) {
    for (NodeDef node : nodes) {
      long wanted = wanted(node);
      long found = node.getInputList().stream().filter(input -> !input.startsWith("^")).count();
      if (wanted != UNKNOWN && found != wanted) {
        throw new InputFault(
            folder
                + ": node '"
                + node.getName()
                + "' has "
                + found
                + " inputs (expected: "
                + wanted
                + " for "
                + node.getOp()
                + "); it is damaged: copy or export it again");
      }
    }
  }

  private long wanted(NodeDef node) {
    OpDef operator = operators.get(node.getOp());
    if (operator == null) {
      return UNKNOWN; // TensorFlow says so
    }
    long wanted = 0;
    for (OpDef.ArgDef input : operator.getInputArgList()) {
      if (!input.getNumberAttr().isEmpty()) {
        wanted += attribute(node, operator, input.getNumberAttr()).getI();
      } else if (!input.getTypeListAttr().isEmpty()) {
        wanted += attribute(node, operator, input.getTypeListAttr()).getList().getTypeCount();
      } else {
        wanted++;
      }
    }
    return wanted;
  }

  private static AttrValue attribute(NodeDef node, OpDef operator, String name) {
    AttrValue usual =
        operator.getAttrList().stream()
            .filter(attribute -> attribute.getName().equals(name))
            .findFirst()
            .map(OpDef.AttrDef::getDefaultValue)
            .orElse(AttrValue.getDefaultInstance());
    return node.getAttrOrDefault(name, usual);
  }
}
