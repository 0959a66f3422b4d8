package org.distill4j.cli.options;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.distill.Teacher;
import org.distill4j.export.ForeignModelFile;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.FileRuntime;
import org.distill4j.inference.ForeignModel;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.Runtimes;
import org.distill4j.onnx.OnnxFile;
import org.distill4j.onnx.OnnxReader;

/**
 * A model file as a command was given it.
 *
 * @param notes what reading changed, a line each
 */
public record ModelArgument(
    Path path, Graph graph, Optional<ForeignModelFile> other, List<String> notes) {
  public static ModelArgument read(Path path) {
    return read(path, Optional.empty());
  }

  /** A model by signature, where its format has several. */
  public static ModelArgument read(Path path, Optional<String> signature) {
    if (ForeignModelFile.is(path)) {
      ForeignModelFile other = ForeignModelFile.read(path, signature);
      return new ModelArgument(path, other.graph(), Optional.of(other), List.of());
    }
    if (signature.isPresent()) {
      throw new InputFault(path + ": is no SavedModel (expected: its folder, or no --signature)");
    }
    Optional<FileRuntime> classic = FileRuntime.of(path);
    if (classic.isPresent()) {
      Graph graph = classic.get().read(path, signature);
      return new ModelArgument(path, graph, Optional.empty(), List.of());
    }
    OnnxFile file = OnnxReader.open(path);
    return new ModelArgument(path, file.graph(), Optional.empty(), file.notes());
  }

  /** This file, after what reading it changed is told. */
  public ModelArgument told(PrintWriter err) {
    notes.forEach(note -> err.println(path + ": " + note));
    return this;
  }

  /**
   * What people call it: the file's name, or its folder's where every file is called {@code
   * model.onnx}.
   */
  public String name() {
    Path parent = path.toAbsolutePath().getParent();
    String file = path.getFileName().toString();
    return file.equals("model.onnx") && parent.getFileName() != null
        ? parent.getFileName().toString()
        : file;
  }

  /**
   * A classic model gives logits of the data's classes, in their order; any other stays as it is.
   */
  public ModelArgument suited(Dataset data) {
    if (!other.isEmpty() || ForeignModel.of(graph).isEmpty()) {
      return this;
    }
    Graph logits = Teacher.of(graph, data, Optional.empty(), Optional.empty()).model();
    return new ModelArgument(path, logits, other, notes);
  }

  /** What the model says of its input, else what suits the data. */
  public Preprocessing preprocessing(Dataset data) {
    return Metadata.preprocessing(graph).orElseGet(data::preprocessing);
  }

  /** How many classes it tells apart, asked of the model itself where it does not declare it. */
  public long classCount() {
    try (Predictor predictor = open(1)) {
      return predictor.resultShape().elements();
    }
  }

  /** Whether it is an ONNX file of layers, rather than of trees, a TFLite file or a SavedModel. */
  public boolean isOnnx() {
    return other.isEmpty() && ForeignModel.of(graph).isEmpty();
  }

  /**
   * This file, refused if it is something else.
   *
   * @throws InputFault if a command needs the layers
   */
  public ModelArgument requireOnnx() {
    if (!isOnnx()) {
      throw new InputFault(
          path + ": is no ONNX file of layers (expected: one, as its layers are needed)");
    }
    return this;
  }

  public Predictor open(int threads) {
    return other.isEmpty() ? Runtimes.of(graph).open(graph, threads) : other.get().open(threads);
  }
}
