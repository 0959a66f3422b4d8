package org.distill4j.export;

import java.nio.file.Path;
import java.util.Optional;
import org.distill4j.graph.Graph;
import org.distill4j.inference.FileRuntime;
import org.distill4j.inference.ForeignModel;
import org.distill4j.inference.Predictor;

/** The runtime of TFLite files and SavedModels, wherever a model of another format may stand. */
public final class OtherFiles implements FileRuntime {
  @Override
  public boolean runs(Path path) {
    return ForeignModelFile.is(path);
  }

  @Override
  public Graph read(Path path, Optional<String> signature) {
    ForeignModelFile model = ForeignModelFile.read(path, signature);
    Graph told = model.graph();
    return ForeignModel.of(path, model.signature(), model.givesProbabilities())
        .graph(told.inputs(), told.outputs(), told.metadata());
  }

  @Override
  public Predictor open(ForeignModel standIn, int threads) {
    return ForeignModelFile.open(standIn.file(), standIn.signature(), threads);
  }
}
