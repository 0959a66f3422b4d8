package org.distill4j.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.data.Dataset;
import org.distill4j.data.DerivedDataset;
import org.distill4j.data.Splits;
import org.distill4j.data.TrainSet;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.eval.Evaluation;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.passes.LinearLayer;
import org.distill4j.progress.Epoch;
import org.distill4j.progress.Notes;
import org.distill4j.quantize.Preference;
import org.distill4j.quantize.ptq.RangeMode;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole searches on a net that learns digits in a second. */
class CompressionSearchTest {
  private static final CompressSettings SMALLEST_IN_BROWSERS =
      new CompressSettings(
          TargetMachine.BROWSER, RangeMode.STATIC, Preference.BYTES); // nothing is timed

  @TempDir private static Path folder;
  private static Splits data;
  private static Graph model;

  @BeforeAll
  static void train() {
    data = DataCatalog.here().open("digits");
    model = trained(new Mlp(List.of(64, 64), 0).build(data.shape(), 10, Seeds.of(1)));
  }

  private static Graph trained(Graph net) {
    return Trainer.of(net, data).settings(TrainSettings.epochs(12)).threads(1).train().model();
  }

  private static CompressionSearch.Found search(
      Graph net, String out, double maxDrop, Duration budget, Notes notes) {
    return search(net, out, maxDrop, budget, notes, soFar -> {});
  }

  private static CompressionSearch.Found search(
      Graph net,
      String out,
      double maxDrop,
      Duration budget,
      Notes notes,
      Consumer<SearchState> heard) {
    return CompressionSearch.in(
        net,
        data,
        new Limits(maxDrop, budget, 128, true),
        SMALLEST_IN_BROWSERS,
        folder.resolve(out),
        1,
        notes,
        heard);
  }

  /** Ends with the first candidate that was trained. */
  private static void searchUntilTrained(String out, Notes notes) {
    Consumer<SearchState> enough =
        soFar -> {
          if (soFar.candidates().stream().anyMatch(c -> c.trainedSteps() > 0)) {
            throw new IllegalStateException("enough");
          }
        };
    assertThatThrownBy(() -> search(model, out, .03, Duration.ofMinutes(9), notes, enough))
        .hasMessage("enough");
  }

  private static Candidate named(CompressionSearch.Found found, String name) {
    return found.candidates().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not among " + found.candidates()));
  }

  @Test
  void search_withTimeToTrain_findsAPrunedModelOfIntegersAndTakesItAgain() throws IOException {
    Notes first = new Notes();
    CompressionSearch.Found found = search(model, "whole", .1, Duration.ofMinutes(5), first);
    assertThat(first.steps()).contains("pruned-50");
    Candidate half = named(found, "pruned-50");
    Candidate whole = named(found, "float");
    assertThat(half.from()).isEqualTo("pruned-75");
    assertThat(half.trainedSteps()).isGreaterThan(500);
    assertThat(half.macs()).isBetween(whole.macs() * 35 / 100, whole.macs() / 2);
    assertThat(half.parameters()).isLessThan(whole.parameters());
    assertThat(half.drop()).isLessThanOrEqualTo(.1); // 30 of 300; half the net was taken
    assertThat(half.integerMacs()).isZero();
    Candidate both = named(found, "pruned-50-int8");
    assertThat(both.integerMacs()).isEqualTo(both.macs()).isEqualTo(half.macs());
    assertThat(found.passed()).isTrue();
    assertThat(found.best().name()).startsWith("pruned-").contains("int8");
    assertThat(found.best().bytes()).isLessThan(named(found, "int8").bytes());
    assertThat(found.candidates()).allMatch(c -> c.p50Ms() == null);
    assertThat(folder.resolve("whole/pruned-50")).isDirectoryNotContaining("glob:**.safetensors");

    byte[] list = Files.readAllBytes(folder.resolve("whole/candidates.json"));
    Notes again = new Notes();
    assertThat(search(model, "whole", .1, Duration.ofMinutes(5), again)).isEqualTo(found);
    assertThat(again.lines()).contains("pruned-50: taken from an earlier search");
    assertThat(again.steps()).noneMatch(step -> step.startsWith("pruned"));
    assertThat(folder.resolve("whole/candidates.json")).hasBinaryContent(list);
  }

  @Test
  void search_cutOffInATraining_goesOnFromItsLastEpoch() throws IOException {
    Notes dies =
        new Notes() {
          @Override
          public void epoch(Epoch epoch) {
            if (epoch.epoch() == 3) {
              throw new IllegalStateException("power failure");
            }
          }
        };
    assertThatThrownBy(() -> search(model, "killed", .03, Duration.ofMinutes(9), dies))
        .hasMessage("power failure");
    assertThat(folder.resolve("killed/pruned-75/checkpoint.safetensors")).isNotEmptyFile();
    List<Integer> epochs = new ArrayList<>();
    Notes goesOn =
        new Notes() {
          @Override
          public void epoch(Epoch epoch) {
            epochs.add(epoch.epoch());
          }
        };
    searchUntilTrained("killed", goesOn);
    assertThat(epochs).startsWith(4); // not even the cut is made anew
    searchUntilTrained("alive", new Notes());
    assertThat(folder.resolve("killed/pruned-75/model.onnx"))
        .hasSameBinaryContentAs(folder.resolve("alive/pruned-75/model.onnx"));
  }

  @Test
  void search_withNothingWithinTheLimit_namesWhatLosesLeast() {
    CompressionSearch.Found found =
        search(planted(), "planted", .01, Duration.ofMillis(1), new Notes());
    assertThat(found.passed()).isFalse();
    assertThat(found.best().name()).isEqualTo("int8");
    assertThat(found.best().drop()).isGreaterThan(.1);
  }

  /** The same net with a unit 800 times larger, whose reader multiplies it by less. */
  private static Graph planted() {
    Map<String, HostTensor> others = new LinkedHashMap<>();
    List<LinearLayer> layers =
        model.nodes().stream().flatMap(n -> LinearLayer.of(model, n).stream()).toList();
    float[] made = layers.get(0).weights().toFloats();
    for (int i = 0; i < made.length; i++) {
      made[i] *= layers.get(0).outputOf(i) == 11 ? 800 : 1;
    }
    float[] biases = layers.get(0).biases();
    biases[11] *= 800;
    float[] read = layers.get(1).weights().toFloats();
    for (int i = 0; i < read.length; i++) {
      read[i] /= layers.get(1).inputOf(i) == 11 ? 800 : 1;
    }
    others.put(
        layers.get(0).node().input(1), HostTensor.ofFloats(layers.get(0).weights().shape(), made));
    others.put(
        layers.get(0).node().input(2),
        HostTensor.ofFloats(layers.get(0).bias().orElseThrow().shape(), biases));
    others.put(
        layers.get(1).node().input(1), HostTensor.ofFloats(layers.get(1).weights().shape(), read));
    return model.withInitializers(others);
  }

  @Test
  void search_ofAModelOfIntegers_isRefused() {
    search(model, "once", .5, Duration.ofMillis(1), new Notes());
    Graph integers = OnnxReader.read(folder.resolve("once/int8/model.onnx"));
    assertThatThrownBy(() -> search(integers, "twice", .5, Duration.ofMillis(1), new Notes()))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("is quantized already");
  }

  @Test
  void search_withHardlyAnyTime_answersAllTheSame() {
    Notes notes = new Notes();
    CompressionSearch.Found found = search(model, "hasty", .03, Duration.ofMillis(1), notes);
    assertThat(found.candidates()).extracting(Candidate::name).containsExactly("float", "int8");
    assertThat(found.best().name()).isEqualTo("int8");
    assertThat(notes.lines()).anyMatch(line -> line.startsWith("pruned-75: not begun, 0 s of the"));
  }

  @Test
  void search_ofANetWithNothingToCut_saysSoAndQuantizes() {
    Graph linear = trained(new Mlp(List.of(), 0).build(data.shape(), 10, Seeds.of(1)));
    Notes notes = new Notes();
    CompressionSearch.Found found = search(linear, "linear", .05, Duration.ofMinutes(2), notes);
    assertThat(found.best().name()).isEqualTo("int8");
    assertThat(notes.lines()).anyMatch(line -> line.contains("no channel can go"));
  }

  @Test
  void search_ofAnOperatorThatCannotBeTrained_saysSoAndQuantizes() {
    Notes notes = new Notes();
    CompressionSearch.Found found = search(withErf(), "strange", 1, Duration.ofMinutes(2), notes);
    assertThat(found.candidates()).extracting(Candidate::name).containsExactly("float", "int8");
    assertThat(notes.lines())
        .anyMatch(
            line -> line.startsWith("neither pruned nor trained on: ") && line.contains("Erf"));
  }

  /** The same net with another function, which the engine does not know, for its ReLUs. */
  private static Graph withErf() {
    List<Node> nodes =
        model.nodes().stream()
            .map(
                n ->
                    n.op().equals("Relu")
                        ? new Node(n.name(), "", "Erf", n.inputs(), n.outputs(), Map.of())
                        : n)
            .toList();
    return new Graph(
        model.name(),
        model.inputs(),
        model.outputs(),
        nodes,
        model.initializers(),
        model.metadata());
  }

  /** The same net without names for its outputs, which stand in another order. */
  private static Graph permuted(List<Integer> order) {
    String result = model.onlyOutput().name() + "/permuted";
    Map<String, HostTensor> initializers = new LinkedHashMap<>(model.initializers());
    initializers.put(
        "order",
        HostTensor.ofLongs(Shape.of(10), order.stream().mapToLong(Integer::longValue).toArray()));
    List<Node> nodes = new ArrayList<>(model.nodes());
    nodes.add(
        Node.of(
            "Gather",
            List.of(model.onlyOutput().name(), "order"),
            List.of(result),
            Map.of("axis", Attribute.of(1))));
    Value output = model.onlyOutput();
    return new Graph(
        "permuted",
        model.inputs(),
        List.of(new Value(result, output.type(), output.shape())),
        nodes,
        initializers,
        Map.of());
  }

  @Test
  void search_ofOutputsInAnotherOrder_isRefusedBeforeAnythingIsMade() {
    List<Integer> order = new ArrayList<>(IntStream.range(0, 10).boxed().toList());
    SplittableRandom random = new SplittableRandom(Seeds.of(9));
    int moved = 2 + random.nextInt(9); // of a few, the model is far above chance
    Collections.rotate(order.subList(10 - moved, 10), 1 + random.nextInt(moved - 1));
    String names = order.stream().map(data.classes()::get).collect(Collectors.joining(","));
    assertThatThrownBy(
            () -> search(permuted(order), "permuted", .05, Duration.ofMillis(1), new Notes()))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("write their order into its file by annotate --classes " + names);
    assertThat(folder.resolve("permuted")).doesNotExist();
  }

  @Test
  void search_inAFolderOfAnotherModel_makesAllAnewAndSaysSo() throws IOException {
    Graph other = trained(new Mlp(List.of(64, 64), 0).build(data.shape(), 10, Seeds.of(77)));
    CompressionSearch.Found alone = search(other, "alone", .03, Duration.ofMillis(1), new Notes());
    search(model, "shared", .03, Duration.ofMillis(1), new Notes());
    Notes heard = new Notes();
    CompressionSearch.Found found = search(other, "shared", .03, Duration.ofMillis(1), heard);
    assertThat(found).isEqualTo(alone);
    assertThat(folder.resolve("shared/candidates.json"))
        .hasSameTextualContentAs(folder.resolve("alone/candidates.json"));
    assertThat(folder.resolve("shared/int8/model.onnx"))
        .hasSameBinaryContentAs(folder.resolve("alone/int8/model.onnx"));
    assertThat(heard.lines())
        .anyMatch(line -> line.contains("holds candidates of another model"))
        .noneMatch(line -> line.contains("taken from an earlier search"));
  }

  @Test
  void search_withOtherSettings_makesWhatDependsOnThemAnewAndSaysSo() {
    Notes first = new Notes();
    search(model, "samples", .03, Duration.ofMillis(1), first);
    assertThat(first.lines()).noneMatch(line -> line.contains("anew"));
    Notes heard = new Notes();
    CompressionSearch.in(
        model,
        data,
        new Limits(.03, Duration.ofMillis(1), 64, true),
        SMALLEST_IN_BROWSERS,
        folder.resolve("samples"),
        1,
        heard,
        soFar -> {});
    assertThat(heard.lines())
        .contains(
            "float: taken from an earlier search",
            "int8: an earlier search made it otherwise, so it is made anew");
  }

  @Test
  void search_whereAFileIsNoLongerAsItWas_makesItAnew() throws IOException {
    search(model, "cut", .03, Duration.ofMillis(1), new Notes());
    Path file = folder.resolve("cut/int8/model.onnx");
    byte[] whole = Files.readAllBytes(file);
    byte[] other = whole.clone();
    other[other.length / 2 + new SplittableRandom(Seeds.of(22)).nextInt(other.length / 4)] ^= 1;
    for (byte[] found : List.of(Arrays.copyOf(whole, whole.length / 2), other)) {
      Files.write(file, found);
      search(model, "cut", .03, Duration.ofMillis(1), new Notes());
      assertThat(file).hasBinaryContent(whole);
    }
  }

  /** The mean of the shares of each class that are answered rightly. */
  private static double balanced(Evaluation found) {
    return IntStream.range(0, 10)
        .mapToDouble(k -> (double) found.confusion().count(k, k) / found.confusion().examples(k))
        .average()
        .orElseThrow();
  }

  @Test
  void search_whereClassesAreWeighed_tellsWhatADropIsOf() {
    Dataset weighed =
        new DerivedDataset(data.train().data()) {
          @Override
          public List<Double> classWeights() {
            return Collections.nCopies(10, 1.0);
          }
        };
    Notes notes = new Notes();
    CompressionSearch.Found found =
        CompressionSearch.in(
            model,
            new Splits(new TrainSet(weighed), data.validation(), data.test()),
            new Limits(.5, Duration.ofMillis(1), 128, false),
            SMALLEST_IN_BROWSERS,
            folder.resolve("weighed"),
            1,
            notes,
            soFar -> {});
    assertThat(notes.lines())
        .contains("classes are uneven or weighed: a drop is one of balanced accuracy");
    Graph integers = OnnxReader.read(folder.resolve("weighed/int8/model.onnx"));
    double drop =
        balanced(Evaluation.of(model, data.validation()))
            - balanced(Evaluation.of(integers, data.validation()));
    assertThat(named(found, "int8").drop()).isCloseTo(drop, within(0.01)); // in another runtime
  }
}
