package org.distill4j.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.passes.ExplicitPads;
import org.distill4j.shapes.Shapes;
import org.distill4j.storage.MappedFile;

/**
 * Reads ONNX files of opset 7 to 25 as graphs of opset {@link Graph#OPSET}; what is new in a later
 * one is refused by its node.
 *
 * <p>The graph means what the file means, and is spelled in one way: constants are initializers,
 * every node has a name, nodes stand in topological order, and no initializer is an input.
 * Operators of other domains are kept as they are. Arrays stay in the mapped file, so a model takes
 * hardly any heap; the file must not be changed in place while the graph is in use.
 *
 * <p>Refused: models that hold subgraphs (If, Loop, Scan), functions of their own, sparse tensors,
 * texts, 4-bit or complex numbers; and files that are damaged or contradict themselves. Each fault
 * is one line that names the file.
 */
public final class OnnxReader {
  private OnnxReader() {}

  /**
   * Reads a file; external data must lie in its folder. What an exporter left in training mode, a
   * Dropout or a BatchNormalization, is read in inference mode.
   *
   * @throws InputFault if it cannot be read or used
   */
  public static Graph read(Path file) {
    return open(file).graph();
  }

  /**
   * {@link #read(Path)}, with what the graph does not tell of the file.
   *
   * @throws InputFault if it cannot be read or used
   */
  public static OnnxFile open(Path file) {
    ModelSource source = new ModelSource(file.toString(), Optional.of(file));
    long size;
    try {
      size = Files.isDirectory(file) ? 0 : Files.size(file);
    } catch (IOException e) {
      throw source.fault("cannot be read (expected: an ONNX model); check the path", e);
    }
    source.require(
        size <= Integer.MAX_VALUE,
        "has "
            + size
            + " bytes (expected: less than 2 GB); export it with external data, weights beside it");
    source.require(size > 0, "is empty or no file (expected: an ONNX model)");
    ModelDraft draft = parse(MappedFile.stretch(file, 0, (int) size), source);
    int opset = draft.opset();
    Set<Path> files = new TreeSet<>(Set.of(file));
    files.addAll(source.others());
    InferenceMode inUse = InferenceMode.of(graph(draft));
    return new OnnxFile(inUse.graph(), opset, files, inUse.trained());
  }

  /**
   * Reads a model in memory as it is; it must not be changed while the graph is in use.
   *
   * @param nameForErrors what faults call it
   * @throws InputFault if it cannot be used
   */
  public static Graph read(byte[] model, String nameForErrors) {
    return read(ByteBuffer.wrap(model), nameForErrors);
  }

  /**
   * Reads a model in memory, from the buffer's position to its limit; it must not be changed while
   * the graph is in use.
   *
   * @param nameForErrors what faults call it
   * @throws InputFault if it cannot be used
   */
  public static Graph read(ByteBuffer model, String nameForErrors) {
    ModelSource source = new ModelSource(nameForErrors, Optional.empty());
    source.require(model.hasRemaining(), "is empty (expected: an ONNX model)");
    return graph(parse(model.slice(), source));
  }

  private static ModelDraft parse(ByteBuffer model, ModelSource source) {
    ByteString bytes = UnsafeByteOperations.unsafeWrap(model);
    ModelDraft draft = ModelParser.parse(bytes, source);
    DraftOrder.check(draft);
    return draft;
  }

  private static Graph graph(ModelDraft draft) {
    Constants.toInitializers(draft);
    ScalarScales.unify(draft);
    ModelDraft upgraded = draft.copy();
    Upgraders.upgrade(upgraded);
    Graph graph = upgraded.toGraph();
    Shapes shapes = Declarations.check(draft, graph);
    if (upgraded.guessed) {
      Declarations.complete(draft, shapes);
      Upgraders.upgrade(draft);
      graph = draft.toGraph();
    }
    Graph padded = ExplicitPads.apply(Declarations.ofOutputs(graph, shapes), shapes);
    return FileNode.checked(padded, draft.source);
  }
}
