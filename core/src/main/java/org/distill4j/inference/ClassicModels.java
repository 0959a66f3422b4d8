package org.distill4j.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.onnx.ClassicModel;

/** ONNX Runtime on files of classic models, which it runs as they are. */
final class ClassicModels implements FileRuntime {
  @Override
  public boolean runs(Path path) {
    return ClassicModel.is(path);
  }

  @Override
  public Graph read(Path path, Optional<String> signature) {
    if (signature.isPresent()) {
      throw new InputFault(path + ": is an ONNX file (expected: a SavedModel for a signature)");
    }
    ClassicModel model = ClassicModel.read(path);
    open(path, model, 1).close(); // refuses what ONNX Runtime does not run
    Graph graph =
        ForeignModel.of(path, "", model.endsInSoftmax())
            .graph(List.of(model.input()), List.of(model.output()), Map.of());
    return model.classes().map(names -> Metadata.withClasses(graph, names)).orElse(graph);
  }

  @Override
  public Predictor open(ForeignModel standIn, int threads) {
    return open(standIn.file(), ClassicModel.read(standIn.file()), threads);
  }

  private static Predictor open(Path path, ClassicModel model, int threads) {
    OrtEnvironment environment = OnnxNatives.environment();
    try (SessionOptions options = OnnxRuntime.options(threads)) {
      return new OnnxPredictor(
          path.getFileName().toString(),
          List.of(model.input()),
          List.of(model.output()),
          environment,
          environment.createSession(model.model().toByteArray(), options));
    } catch (OrtException e) {
      throw new InputFault(path + ": ONNX Runtime refuses it: " + OrtFault.line(e), e);
    }
  }
}
