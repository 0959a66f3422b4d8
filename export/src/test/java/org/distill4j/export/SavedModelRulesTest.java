package org.distill4j.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.lowered.Lowering;
import org.distill4j.savedmodel.SavedModelWriter;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.OperatorSamples;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** What TensorFlow's Python loaders ask of a SavedModel, and those of Java and C++ do not. */
class SavedModelRulesTest {
  /** A node's name, from TensorFlow's framework/ops.py. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9.][A-Za-z0-9_.\\\\/>-]*");

  @TempDir private Path folder;

  static Stream<Named<Graph>> models() {
    Graph images =
        Metadata.withPreprocessing(
            new Cnn(List.of("4", "pool"), List.of(5), 0, true)
                .build(Shape.of(3, 8, 8), 3, Seeds.of(1)),
            Preprocessing.scale(1 / 255.0));
    return Stream.concat(
        OperatorSamples.all().entrySet().stream().map(e -> Named.of(e.getKey(), e.getValue())),
        Stream.of(
            Named.of("images", images),
            Named.of(
                "images of named classes", Metadata.withClasses(images, List.of("a", "b", "c"))),
            Named.of("names that differ in case", cases()),
            Named.of("one kernel dilated twice", dilated())));
  }

  /** Inputs, weights and outputs whose names differ in case alone. */
  private static Graph cases() {
    GraphBuilder g = new GraphBuilder("cases");
    String x = g.input("x", DType.FLOAT32, Shape.of(2, 3));
    String other = g.input("X", DType.FLOAT32, Shape.of(2, 3));
    String w = g.initializer("w", HostTensor.ofFloats(Shape.of(3, 2), 1, 2, 3, 4, 5, 6));
    String v = g.initializer("W", HostTensor.ofFloats(Shape.of(3, 2), 6, 5, 4, 3, 2, 1));
    g.output(g.addNamed("Scores", "MatMul", Map.of(), x, w), DType.FLOAT32, Shape.UNRANKED);
    g.output(g.addNamed("scores", "MatMul", Map.of(), other, v), DType.FLOAT32, Shape.UNRANKED);
    g.output(g.addNamed("SCORES", "Relu", Map.of(), "scores"), DType.FLOAT32, Shape.UNRANKED);
    return g.build();
  }

  private static Graph dilated() {
    GraphBuilder g = new GraphBuilder("dilated");
    String x = g.input("x", DType.FLOAT32, Shape.of(1, 2, 9, 9));
    String w =
        g.initializer("w", HostTensor.ofFloats(Shape.of(2, 1, 2, 2), 1, 2, 3, 4, 5, 6, 7, 8));
    for (int gap : new int[] {2, 3}) {
      Map<String, Attribute> settings =
          Map.of("group", Attribute.of(2), "dilations", Attribute.ofInts(gap, gap));
      String y = g.addNamed("y" + gap, "Conv", settings, x, w);
      g.output(y, DType.FLOAT32, Shape.UNRANKED);
    }
    return g.build();
  }

  @ParameterizedTest
  @MethodSource("models")
  void write_anyModel_keepsTheRulesOfTheLoaders(Graph model) throws IOException {
    SavedModelWriter.write(Lowering.of(model), folder);
    SavedModel saved = SavedModel.parseFrom(Files.readAllBytes(folder.resolve("saved_model.pb")));
    MetaGraphDef meta = saved.getMetaGraphs(0);
    Set<String> names = new HashSet<>();
    Set<String> shared = new HashSet<>();
    for (NodeDef node : meta.getGraphDef().getNodeList()) {
      assertThat(names.add(node.getName().toLowerCase(Locale.ROOT))).as(node.getName()).isTrue();
      assertThat(node.getName()).matches(NAME);
      if (node.getOp().equals("VarHandleOp")) {
        assertThat(shared.add(node.getAttrOrThrow("shared_name").getS().toStringUtf8())).isTrue();
      }
    }
    for (NodeDef node : meta.getGraphDef().getNodeList()) {
      for (String input : node.getInputList()) {
        String from = input.replaceAll("^\\^|:\\d+$", "").toLowerCase(Locale.ROOT);
        assertThat(names).contains(from);
      }
    }
    assertThat(meta.hasSaverDef()).isEqualTo(!shared.isEmpty());
    if (meta.hasSaverDef()) {
      SaverDef saver = meta.getSaverDef();
      assertThat(names)
          .contains(
              node(saver.getFilenameTensorName()),
              node(saver.getSaveTensorName()),
              node(saver.getRestoreOpName()));
      assertThat(folder.resolve("variables/variables.index")).isNotEmptyFile();
    }
    for (SignatureDef signature : meta.getSignatureDefMap().values()) {
      for (TensorInfo end : signature.getInputsMap().values()) {
        assertThat(names).contains(node(end.getName()));
      }
      for (TensorInfo end : signature.getOutputsMap().values()) {
        assertThat(names).contains(node(end.getName()));
      }
    }
  }

  private static String node(String tensor) {
    return tensor.replaceAll(":\\d+$", "").toLowerCase(Locale.ROOT);
  }
}
