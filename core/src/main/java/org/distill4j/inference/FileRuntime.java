package org.distill4j.inference;

import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import org.distill4j.graph.Graph;

/**
 * A runtime for model files that are no graphs of layers: of other formats, found by {@link
 * ServiceLoader}, so that such a file can teach where nothing is known of its format; and of
 * classic models in ONNX files.
 */
public interface FileRuntime {
  /** Whether a file or folder is one of its own. */
  boolean runs(Path path);

  /**
   * What stands for a file: its inputs, outputs and metadata around one node, see {@link
   * ForeignModel}.
   *
   * @param signature which of several entrances; the usual one if empty
   * @throws org.distill4j.fault.InputFault if the file is refused
   */
  Graph read(Path path, Optional<String> signature);

  /** Makes the file ready that something stands for. */
  Predictor open(ForeignModel standIn, int threads);

  /** The one that runs a file; empty for an ONNX file of layers. */
  static Optional<FileRuntime> of(Path path) {
    FileRuntime classic = new ClassicModels();
    if (classic.runs(path)) {
      return Optional.of(classic);
    }
    return ServiceLoader.load(FileRuntime.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(runtime -> runtime.runs(path))
        .findFirst();
  }
}
