package org.distill4j.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Parameter.Role;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class ParametersTest {
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, HostTensor> initializers = new LinkedHashMap<>();

  @Test
  void of_convNormDense_namesRolesInOrderOfUse() {
    floats("unused", 3);
    floats("w", 4, 3, 3, 3);
    floats("b", 4);
    for (String s : List.of("scale", "shift", "mean", "var")) {
      floats(s, 4);
    }
    node("Conv", "c", "x", "w", "b");
    node("BatchNormalization", "n", "c", "scale", "shift", "mean", "var");
    floats("slope", 4, 1, 1);
    node("PRelu", "p", "n", "slope");
    floats("m", 8, 5);
    floats("mb", 5);
    node("Gemm", "y", "p", "m", "mb");

    Parameters found = Parameters.of(graph());

    assertThat(roles(found))
        .containsExactly(
            Map.entry("w", Role.WEIGHT),
            Map.entry("b", Role.BIAS),
            Map.entry("scale", Role.NORM_SCALE),
            Map.entry("shift", Role.NORM_BIAS),
            Map.entry("slope", Role.SLOPE),
            Map.entry("m", Role.WEIGHT),
            Map.entry("mb", Role.BIAS));
    assertThat(found.statistics()).containsOnlyKeys("mean", "var");
    assertThat(found.count()).isEqualTo(4 * 27 + 4 + 4 + 4 + 4 + 40 + 5);
    assertThat(found.find("slope").orElseThrow().shape()).isEqualTo(Shape.of(4, 1, 1));
  }

  @Test
  void of_constantsOfAGeluAndAnEpsilon_areNotTrained() {
    floats("half");
    floats("epsilon", 1);
    floats("one", 1, 1, 1);
    node("Mul", "a", "x", "half");
    node("Add", "b", "epsilon", "a");
    node("Mul", "y", "b", "one");

    assertThat(Parameters.of(graph()).trainable()).isEmpty();
  }

  @Test
  void of_addAndMul_takesChannelShapesOnly() {
    floats("last", 8);
    floats("first", 8, 1, 1);
    floats("second", 1, 8, 1, 1);
    floats("row", 1, 1, 8, 1);
    floats("grid", 1, 8, 8);
    node("Mul", "a", "x", "last");
    node("Add", "b", "a", "first");
    node("Add", "c", "second", "b");
    node("Add", "d", "c", "row");
    node("Mul", "y", "d", "grid");

    assertThat(roles(Parameters.of(graph())))
        .containsExactly(
            Map.entry("last", Role.NORM_SCALE),
            Map.entry("first", Role.NORM_BIAS),
            Map.entry("second", Role.BIAS));
  }

  @Test
  void of_embeddingTiedToTheOutput_countsOnce() {
    floats("table", 100, 16);
    node("Gather", "e", "table", "x");
    node("Transpose", "t", "table");
    node("MatMul", "y", "e", "t");

    Parameters found = Parameters.of(graph());

    assertThat(roles(found)).containsExactly(Map.entry("table", Role.EMBEDDING));
    assertThat(found.count()).isEqualTo(1600);
  }

  @Test
  void of_fakeQuantizedWeight_isTrainedButItsScaleIsNot() {
    floats("w", 4, 3, 3, 3);
    floats("s", 4);
    node("QuantizeLinear", "q", "w", "s");
    node("DequantizeLinear", "d", "q", "s");
    node("Conv", "y", "x", "d");

    assertThat(Parameters.of(graph()).names()).containsExactly("w");
  }

  @Test
  void of_integerTableAndVectorOperand_areNotTrained() {
    initializers.put("ids", HostTensor.ofLongs(Shape.of(2, 2), 1, 2, 3, 4));
    floats("v", 8);
    node("Gather", "a", "ids", "x");
    node("MatMul", "y", "a", "v");

    assertThat(Parameters.of(graph()).trainable()).isEmpty();
  }

  @Test
  void of_initializerThatIsAlsoARunningStatistic_isNotTrained() {
    floats("zeros", 4);
    floats("w", 4, 4);
    floats("var", 4);
    node("Gemm", "g", "x", "w", "zeros");
    node("BatchNormalization", "y", "g", "var", "zeros", "zeros", "var");

    assertThat(Parameters.of(graph()).names()).containsExactly("w");
  }

  @Test
  void decays_skipsBiasesNormsAndSlopes() {
    assertThat(Role.values()).filteredOn(Role::decays).containsExactly(Role.WEIGHT, Role.EMBEDDING);
  }

  private void floats(String name, long... sizes) {
    Shape shape = Shape.of(sizes);
    initializers.put(name, HostTensor.ofFloats(shape, new float[(int) shape.elements()]));
  }

  private void node(String op, String output, String... inputs) {
    nodes.add(Node.of(op, List.of(inputs), List.of(output), Map.of()));
  }

  private Graph graph() {
    Value x = new Value("x", DType.FLOAT32, Shape.UNRANKED);
    Value y = new Value("y", DType.FLOAT32, Shape.of(List.of(Dim.UNKNOWN)));
    return new Graph("test", List.of(x), List.of(y), nodes, initializers, Map.of());
  }

  private static Map<String, Role> roles(Parameters found) {
    Map<String, Role> roles = new LinkedHashMap<>();
    found.trainable().forEach(p -> roles.put(p.name(), p.role()));
    return roles;
  }
}
