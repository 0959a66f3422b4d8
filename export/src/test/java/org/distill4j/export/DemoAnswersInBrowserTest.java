package org.distill4j.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.distill4j.Browser;
import org.distill4j.Seeds;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Dataset;
import org.distill4j.fault.InputFault;
import org.distill4j.format.Bits;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.graph.Value;
import org.distill4j.images.Pixels;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.tfjs.DemoPage;
import org.distill4j.tfjs.TfjsScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A demo page says how probable classes are, whatever a model's answers are: {@code z = W x + b} is
 * computed here, and so is what its softmax or sigmoids are.
 */
class DemoAnswersInBrowserTest {
  private static final int SIDE = 4;
  private static final int WIDTH = 4; // of all: what a browser compiles goes by shapes
  private static final Random RANDOM = new Random(Seeds.of(6));
  private static final byte[] IMAGE = new byte[SIDE * SIDE];

  static {
    RANDOM.nextBytes(IMAGE);
  }

  @TempDir private Path folder;

  /** What the page has to say: the model, and the number beside each class or name. */
  private record Case(DemoPage.Shown shown, List<Double> right, TaskType task) {}

  private final Map<String, Case> cases = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  /** A linear net of pixels / 255 and what it answers to the image. */
  private static final class Linear {
    private final Map<String, HostTensor> constants = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final double[] z;
    private String last = "z";

    Linear(int width) {
      float[] weights = new float[IMAGE.length * width];
      float[] bias = new float[width];
      z = new double[width];
      for (int k = 0; k < width; k++) {
        bias[k] = (float) RANDOM.nextGaussian();
        z[k] = bias[k];
        for (int i = 0; i < IMAGE.length; i++) {
          float weight = (float) RANDOM.nextGaussian() / 2;
          weights[k * IMAGE.length + i] = weight;
          z[k] += weight * ((IMAGE[i] & 0xff) / 255.0);
        }
      }
      constants.put("w", HostTensor.ofFloats(Shape.of(width, 1, SIDE, SIDE), weights));
      constants.put("b", HostTensor.ofFloats(Shape.of(width), bias));
      nodes.add(Node.of("Conv", List.of("x", "w", "b"), List.of("map"), Map.of()));
      nodes.add(Node.of("Flatten", List.of("map"), List.of("z"), Map.of()));
    }

    /** One node more on what was last. */
    Linear then(String op, Map<String, Attribute> attributes, float... scalars) {
      List<String> inputs = new ArrayList<>(List.of(last));
      for (float scalar : scalars) {
        String name = "c" + constants.size();
        constants.put(name, HostTensor.ofFloats(Shape.of(), new float[] {scalar}));
        inputs.add(name);
      }
      return then(Node.of(op, inputs, List.of("v" + nodes.size()), attributes));
    }

    Linear then(String op, float... scalars) {
      return then(op, Map.of(), scalars);
    }

    Linear then(Node node) {
      nodes.add(node);
      last = node.output();
      return this;
    }

    /** {@code exp(z) / sum of exp(z)}, spelled out. */
    Linear softmaxInWords() {
      String from = last;
      then("Exp");
      String powers = last;
      constants.put("axes", HostTensor.ofLongs(Shape.of(1), new long[] {1}));
      then(Node.of("ReduceSum", List.of(powers, "axes"), List.of("sum"), Map.of()));
      assertThat(from).isNotEqualTo(last);
      return then(Node.of("Div", List.of(powers, "sum"), List.of("shares"), Map.of()));
    }

    Graph graph() {
      Shape input = Shape.of(1, 1, SIDE, SIDE).with(0, Dim.of("n"));
      Graph graph =
          new Graph(
              "linear",
              List.of(new Value("x", DType.FLOAT32, input)),
              List.of(new Value(last, DType.FLOAT32, Shape.of(1, z.length).with(0, Dim.of("n")))),
              nodes,
              constants,
              Map.of());
      return Metadata.withPreprocessing(graph, Preprocessing.scale(1 / 255.0));
    }
  }

  private static double[] softmax(double... z) {
    double sum = Arrays.stream(z).map(Math::exp).sum();
    return Arrays.stream(z).map(v -> Math.exp(v) / sum).toArray();
  }

  private static double[] sigmoids(double... z) {
    return Arrays.stream(z).map(v -> 1 / (1 + Math.exp(-v))).toArray();
  }

  /** The first of two classes beside the second. */
  private static double[] ofTwo(double p) {
    return new double[] {1 - p, p};
  }

  private static Graph told(Graph graph, String scores) {
    return Metadata.withScores(graph, Optional.of(scores));
  }

  private void add(String name, Graph graph, Optional<Dataset> examples, double... right) {
    DemoPage.Shown shown = DemoModel.of(name, graph, examples, notes::add);
    cases.put(name, new Case(shown, DoubleStream.of(right).boxed().toList(), shown.task()));
  }

  private void add(String name, Linear net, double... right) {
    add(name, net.graph(), Optional.empty(), right);
  }

  private void addAll() {
    Linear logits = new Linear(WIDTH);
    add("logits", logits, softmax(logits.z));
    Linear one = new Linear(1);
    add("one logit of two classes", one, ofTwo(sigmoids(one.z)[0]));
    Linear soft = new Linear(WIDTH).then("Softmax");
    add("softmax", soft, softmax(soft.z));
    Linear logarithms = new Linear(WIDTH).then("LogSoftmax");
    add("logarithms", logarithms, softmax(logarithms.z));
    Linear clipped = new Linear(WIDTH).then("Softmax").then("Clip", 1e-7f, 1f);
    add("softmax, clipped", clipped, softmax(clipped.z));
    Linear moved = new Linear(WIDTH).then("Softmax");
    moved.constants.put("shape", HostTensor.ofLongs(Shape.of(2), new long[] {-1, WIDTH}));
    moved.then(Node.of("Reshape", List.of(moved.last, "shape"), List.of("moved"), Map.of()));
    moved.then("Cast", Map.of("to", Attribute.of(1))); // float32
    add("softmax, moved and cast", moved, softmax(moved.z));
    Linear cents = new Linear(WIDTH).then("Softmax").then("Mul", 100f);
    add("per cents", cents, softmax(cents.z));
    Linear sigmoid = new Linear(1).then("Sigmoid");
    add("one sigmoid of two classes", sigmoid, ofTwo(sigmoids(sigmoid.z)[0]));
    Linear several = new Linear(WIDTH).then("Sigmoid");
    add("sigmoids", several, sigmoids(several.z));
    Linear bounded = new Linear(WIDTH).then("Sigmoid").then("Clip", 1e-7f, 1f);
    add("sigmoids, clipped", bounded, sigmoids(bounded.z));
    Linear words = new Linear(WIDTH).softmaxInWords();
    add("told", told(words.graph(), "probabilities"), Optional.empty(), softmax(words.z));
    Linear labels = new Linear(WIDTH);
    add(
        "logits of labels",
        Metadata.withTask(labels.graph(), TaskType.MULTI_LABEL),
        Optional.empty(),
        sigmoids(labels.z));
    Linear numbers = new Linear(WIDTH);
    add(
        "numbers",
        Metadata.withTask(numbers.graph(), TaskType.REGRESSION),
        Optional.empty(),
        numbers.z);
    assertThat(notes).isEmpty();
    Linear seen = new Linear(WIDTH).softmaxInWords();
    add("seen on examples", seen.graph(), Optional.of(examples(WIDTH)), softmax(seen.z));
    Linear exclusive = new Linear(WIDTH).then("Sigmoid"); // one class: its odds among all odds
    add(
        "sigmoids of one class",
        exclusive.graph(),
        Optional.of(examples(WIDTH)),
        softmax(exclusive.z));
  }

  /** Pictures of noise. */
  private static Dataset examples(int classes) {
    float[][] values = new float[32][IMAGE.length];
    int[] labels = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      labels[i] = i % classes;
      for (int k = 0; k < IMAGE.length; k++) {
        values[i][k] = RANDOM.nextInt(256);
      }
    }
    List<String> names = IntStream.range(0, classes).mapToObj(k -> "class " + k).toList();
    return new ArrayDataset(
        "noise", Shape.of(1, SIDE, SIDE), names, values, labels, Preprocessing.scale(1 / 255.0));
  }

  @Test
  void page_ofModelsWithEveryKindOfAnswer_saysHowProbableEachClassIs() throws IOException {
    Optional<Path> chromium = Browser.find();
    assumeTrue(chromium.isPresent(), "no Chromium on the path");
    assumeTrue(TfjsScript.find().isPresent(), "TF.js is not in the cache and npm cannot fetch it");
    addAll();
    Path page = folder.resolve("demo.html");
    DemoPage.write(
        cases.values().stream().map(Case::shown).toList(),
        List.of(new DemoPage.Picture("noise", new Pixels(1, SIDE, SIDE, IMAGE))),
        Bits.ALL,
        page);
    try (Browser browser = new Browser(chromium.get(), folder.resolve("profile"))) {
      browser.open(page.toUri());
      JsonNode cards =
          browser.evaluate(
              "(async () => { await distill4j.show(document.querySelector('#examples img').src, 'x');"
                  + " return Array.from(document.querySelectorAll('#answers section'), card => ["
                  + "card.querySelector('h2').firstChild.textContent, Array.from("
                  + "card.querySelectorAll('.answer'), row => [row.firstChild.textContent,"
                  + " row.lastChild.textContent])]); })()");
      assertThat(cards.size()).isEqualTo(cases.size());
      for (JsonNode card : cards) {
        requireRight(card.get(0).asText(), card.get(1));
      }
    }
  }

  private void requireRight(String name, JsonNode rows) {
    Case expected = cases.get(name);
    boolean isNumbers = expected.task == TaskType.REGRESSION;
    List<Double> shown = new ArrayList<>();
    for (JsonNode row : rows) {
      String text = row.get(1).asText();
      double said = Double.parseDouble(text.replace(" %", ""));
      assertThat(text.endsWith(" %")).as(name).isEqualTo(!isNumbers);
      String label = row.get(0).asText().replace("class ", "");
      double right = expected.right.get(Integer.parseInt(label));
      assertThat(said)
          .as("%s, class %s", name, label)
          .isCloseTo(isNumbers ? right : 100 * right, within(isNumbers ? 1e-3 : 0.06));
      shown.add(said);
    }
    assertThat(shown).as(name).hasSize(expected.right.size());
    if (!isNumbers) {
      assertThat(shown).as(name).isSortedAccordingTo(Collections.reverseOrder());
    }
  }

  @Test
  void model_whoseEndTellsNothing_isNamedOrAskedAbout() {
    UnaryOperator<Linear> bounded = net -> net.then("Relu").then("Tanh");
    add("open", bounded.apply(new Linear(WIDTH)).graph(), Optional.empty());
    assertThat(notes).hasSize(1);
    assertThat(notes.get(0)).contains("'open'", "for logits", "annotate --answers");
    Graph asked = bounded.apply(new Linear(WIDTH)).graph();
    assertThatThrownBy(() -> add("asked", asked, Optional.of(examples(WIDTH))))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("which can be logits or probabilities");
  }
}
