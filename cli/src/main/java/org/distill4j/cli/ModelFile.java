package org.distill4j.cli;

import java.nio.file.Path;
import org.distill4j.data.Dataset;
import org.distill4j.export.OtherModel;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.onnx.OnnxReader;

/** A model file as a command was given it. */
record ModelFile(Path path, Graph graph) {
  static ModelFile read(Path path) {
    return OtherModel.is(path)
        ? new ModelFile(path, OtherModel.read(path).graph())
        : new ModelFile(path, OnnxReader.read(path));
  }

  /**
   * What people call it: the file's name, or its folder's where every file is called {@code
   * model.onnx}.
   */
  String name() {
    Path parent = path.toAbsolutePath().getParent();
    String file = path.getFileName().toString();
    return file.equals("model.onnx") && parent.getFileName() != null
        ? parent.getFileName().toString()
        : file;
  }

  /** What the model says of its input, else what suits the data. */
  Preprocessing preprocessing(Dataset data) {
    return Metadata.preprocessing(graph).orElseGet(data::preprocessing);
  }

  /** How many classes it tells apart, asked of the model itself where it does not declare it. */
  long classCount() {
    try (Predictor predictor = open(1)) {
      return predictor.resultShape().elements();
    }
  }

  /** Whether it is an ONNX file, rather than a TFLite file or a SavedModel. */
  boolean isOnnx() {
    return !OtherModel.is(path);
  }

  /**
   * This file, refused if it is something else.
   *
   * @throws InputFault if a command needs the layers
   */
  ModelFile requireOnnx() {
    if (!isOnnx()) {
      throw new InputFault(path + ": is no ONNX file (expected: one, as its layers are needed)");
    }
    return this;
  }

  Predictor open(int threads) {
    return isOnnx()
        ? new OnnxRuntime().open(graph, threads)
        : new OtherModel(path, graph).open(threads);
  }
}
