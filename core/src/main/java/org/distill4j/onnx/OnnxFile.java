package org.distill4j.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.storage.Sha256;

/**
 * An ONNX model as it lies on disk: its graph, its opset and its files.
 *
 * @param graph what it means, at opset {@link Graph#OPSET}
 * @param opset the version of ONNX's own operators in the file, 7 to 25
 * @param files the model's file and those beside it that hold its arrays
 * @param trained the nodes that the file has in training mode, which the graph has in inference
 *     mode
 */
public record OnnxFile(Graph graph, int opset, Set<Path> files, List<Node> trained) {
  /** Keeps the files in the order of their names. */
  public OnnxFile {
    trained = List.copyOf(trained);
    files = Collections.unmodifiableSortedSet(new TreeSet<>(files));
  }

  /** What reading changed, a line each. */
  public List<String> notes() {
    return InferenceMode.notes(trained);
  }

  /** What is needed to run the model, in bytes: all its files. */
  public long bytes() {
    long bytes = 0;
    for (Path file : files) {
      try {
        bytes += Files.size(file);
      } catch (IOException e) {
        throw new InputFault(file + ": cannot be read: " + e.getMessage(), e);
      }
    }
    return bytes;
  }

  /** The SHA-256 of the model's file; where arrays lie beside it, of the digests of all files. */
  public String sha256() {
    String[] digests = files.stream().map(Sha256::of).toArray(String[]::new);
    return digests.length == 1 ? digests[0] : Sha256.ofTexts(digests);
  }
}
