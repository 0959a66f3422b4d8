package org.distill4j.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.data.Dataset;
import org.distill4j.data.DerivedDataset;
import org.distill4j.data.Splits;
import org.distill4j.data.TestSet;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.eval.Evaluation;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.progress.Notes;
import org.distill4j.quantize.Preference;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which candidate is taken where some give no numbers on the test set. */
class CandidatesTest {
  @TempDir private Path folder;

  private final Notes notes = new Notes();
  private final List<String> bestSoFar = new ArrayList<>();

  /** The digits, whose first pixel is always dark, with a test example where it is lit. */
  private static Splits digits() {
    Splits data = DataCatalog.here().open("digits");
    Dataset test = data.test().data();
    long lit = new SplittableRandom(Seeds.of(31)).nextLong(test.size());
    Dataset withLit =
        new DerivedDataset(test) {
          @Override
          public void read(long index, FloatBuffer target) {
            int start = target.position();
            test.read(index, target);
            if (index == lit) {
              target.put(start, 16);
            }
          }
        };
    return new Splits(data.train(), data.validation(), new TestSet(withLit));
  }

  /** The same answers times {@code g / g}, where {@code g = max(0, 1 - 1000 x_0)}. */
  private static Graph blind(Graph net) {
    Map<String, HostTensor> constants = new LinkedHashMap<>(net.initializers());
    int pixels = (int) net.onlyInput().shape().dropFirst().elements();
    float[] weights = new float[pixels];
    weights[0] = -1000;
    constants.put("gate/w", HostTensor.ofFloats(Shape.of(pixels, 1), weights));
    constants.put("gate/b", HostTensor.ofFloats(Shape.of(1), new float[] {1}));
    List<Node> nodes = new ArrayList<>(net.nodes());
    String z = net.onlyOutput().name();
    List<String> gate = List.of("gate/x", "gate/w", "gate/b");
    nodes.add(Node.of("Flatten", List.of(net.onlyInput().name()), List.of("gate/x"), Map.of()));
    nodes.add(Node.of("Gemm", gate, List.of("gate/z"), Map.of()));
    nodes.add(Node.of("Relu", List.of("gate/z"), List.of("gate/g"), Map.of()));
    nodes.add(Node.of("Div", List.of("gate/g", "gate/g"), List.of("gate/1"), Map.of()));
    nodes.add(Node.of("Mul", List.of(z, "gate/1"), List.of("y"), Map.of()));
    return with(net, "y", nodes, constants);
  }

  /** The same answers, so many bytes larger. */
  private static Graph padded(Graph net, int bytes) {
    Map<String, HostTensor> constants = new LinkedHashMap<>(net.initializers());
    constants.put("zeros", HostTensor.ofFloats(Shape.of(bytes / 40, 10), new float[bytes / 4]));
    constants.put("rows", HostTensor.ofLongs(Shape.of(1), new long[] {0}));
    List<Node> nodes = new ArrayList<>(net.nodes());
    nodes.add(Node.of("ReduceSum", List.of("zeros", "rows"), List.of("zero"), Map.of())); // [1, 10]
    nodes.add(Node.of("Add", List.of(net.onlyOutput().name(), "zero"), List.of("z"), Map.of()));
    return with(net, "z", nodes, constants);
  }

  private static Graph with(
      Graph net, String output, List<Node> nodes, Map<String, HostTensor> constants) {
    Value was = net.onlyOutput();
    return new Graph(
        net.name(),
        net.inputs(),
        List.of(new Value(output, was.type(), was.shape())),
        nodes,
        constants,
        net.metadata());
  }

  private Candidates candidates(Graph whole, Splits data) {
    CandidateMeasurement bench =
        new CandidateMeasurement(whole, data, TargetMachine.BROWSER, 1, notes);
    Candidates candidates =
        new Candidates(
            CandidateFolder.open(folder),
            bench,
            .5,
            Preference.BYTES,
            notes,
            soFar -> bestSoFar.add(soFar.best().name()));
    candidates.add(
        "float",
        "",
        whole.initializers().keySet().toString(),
        TrialModel.floats(whole, bench.reference(), 0));
    return candidates;
  }

  private static Graph trained(Splits data) {
    Graph net = new Mlp(List.of(16), 0).build(data.shape(), 10, Seeds.of(32));
    return Trainer.of(net, data).settings(TrainSettings.epochs(6)).threads(1).train().model();
  }

  @Test
  void best_withinTheLimitButHardlySmaller_isTheModelItself() {
    Splits data = digits();
    Graph net = trained(data);
    Candidates candidates = candidates(padded(net, 40_000), data);
    for (int bytes : new int[] {39_000, 24_000}) { // of some 45,000
      Graph made = padded(net, bytes);
      TrialModel model = TrialModel.floats(made, Evaluation.of(made, data.validation(), 1), 0);
      Candidate candidate = candidates.add("with-" + bytes, "float", "key", model);
      assertThat(candidate.bytes()).isLessThan(candidates.whole().bytes());
      assertThat(candidates.isWithin(candidate)).isTrue();
      assertThat(candidates.best().name()).isEqualTo(bytes == 39_000 ? "float" : "with-24000");
    }
  }

  @Test
  void tested_theBestGivesNoNumbers_isLeftOutAndTheNextBestIsTaken() {
    Splits data = digits();
    Graph net = trained(data);
    Candidates candidates = candidates(padded(net, 40_000), data);
    Map<String, Graph> made =
        Map.of(
            "smallest", blind(net),
            "small", blind(padded(net, 8_000)),
            "middle", padded(net, 16_000),
            "large", padded(net, 24_000));
    made.forEach(
        (name, graph) ->
            candidates.add(
                name,
                "float",
                name,
                TrialModel.floats(graph, Evaluation.of(graph, data.validation(), 1), 0)));
    assertThat(candidates.best().name()).isEqualTo("smallest");
    Candidates.Tested tested = candidates.tested(data.test());
    assertThat(tested.candidate().name()).isEqualTo("middle");
    assertThat(tested.found().errors())
        .isEqualTo(Evaluation.of(made.get("middle"), data.test(), 1).errors());
    assertThat(candidates.best()).isEqualTo(tested.candidate());
    assertThat(bestSoFar).endsWith("small", "middle");
    for (String name : List.of("smallest", "small")) {
      assertThat(notes.lines())
          .anyMatch(
              line -> line.startsWith(name + ": left out, on the test set: model output 'y'"));
    }
    assertThat(candidates.made()).filteredOn(c -> c.fault() != null).hasSize(2);
  }

  @Test
  void tested_allThatWasMadeGivesNoNumbers_takesTheModelAndRefusesOnlyThat() {
    Splits data = digits();
    Graph net = trained(data);
    Candidates candidates = candidates(padded(net, 8_000), data);
    TrialModel blind =
        TrialModel.floats(blind(net), Evaluation.of(blind(net), data.validation(), 1), 0);
    candidates.add("blind", "float", "blind", blind);
    assertThat(candidates.tested(data.test()).candidate()).isEqualTo(candidates.whole());
    Candidates hopeless = candidates(blind(net), data);
    assertThatThrownBy(() -> hopeless.tested(data.test()))
        .isInstanceOf(RunFault.class)
        .hasMessageContaining("expected: finite");
  }
}
