package org.distill4j.export;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
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
    Graph graph =
        ForeignModel.of(path, model.signature(), model.givesProbabilities())
            .graph(told.inputs(), told.outputs(), told.metadata());
    Node node = graph.nodes().get(0);
    Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
    attributes.putAll(told.nodes().get(0).attributes());
    return new Graph(
        graph.name(),
        graph.inputs(),
        graph.outputs(),
        List.of(node.withAttributes(attributes)),
        Map.of(),
        graph.metadata());
  }

  @Override
  public Predictor open(ForeignModel standIn, int threads) {
    return ForeignModelFile.open(standIn.file(), standIn.signature(), threads);
  }
}
