package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.distill4j.cli.options.ModelArgument;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Dataset;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of classes that a file leaves to the data. */
class NamedClassesTest {
  @TempDir private Path folder;

  private static Graph net(int classes) {
    GraphBuilder g = new GraphBuilder("net");
    Dim batch = Dim.of("n");
    String x = g.input("x", DType.FLOAT32, Shape.of(List.of(batch, Dim.of(2))));
    String w =
        g.initializer("w", HostTensor.ofFloats(Shape.of(2, classes), new float[2 * classes]));
    g.output(
        g.addNamed("y", "MatMul", Map.of(), x, w),
        DType.FLOAT32,
        Shape.of(List.of(batch, Dim.of(classes))));
    return g.build();
  }

  private ModelArgument read(Graph graph) {
    Path file = folder.resolve("model.onnx");
    OnnxWriter.write(graph, file);
    return ModelArgument.read(file);
  }

  @Test
  void naming_fileWithoutNames_takesThoseOfTheDataWhereItAnswersAsMany() {
    Dataset data =
        new ArrayDataset(
            "drawn",
            Shape.of(2),
            List.of("eight", "two", "five"),
            new float[3][2],
            new int[3],
            Preprocessing.NONE);
    assertThat(Metadata.classes(read(net(3)).naming(data).graph())).contains(data.classes());
    assertThat(Metadata.classes(read(net(4)).naming(data).graph())).isEmpty();
    List<String> own = List.of("a", "b", "c");
    Graph named = Metadata.withClasses(net(3), own);
    assertThat(Metadata.classes(read(named).naming(data).graph())).contains(own);
  }
}
