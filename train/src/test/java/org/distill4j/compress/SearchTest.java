package org.distill4j.compress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distill4j.data.DataCatalog;
import org.distill4j.data.Splits;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.Form;
import org.distill4j.quantize.Prefer;
import org.distill4j.quantize.TargetMachine;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole searches on a net that learns digits in a second. */
class SearchTest {
  private static final Wanted SMALLEST_IN_BROWSERS =
      new Wanted(TargetMachine.BROWSER, Form.STATIC, Prefer.BYTES); // nothing is timed

  @TempDir private static Path folder;
  private static Splits data;
  private static Graph model;

  @BeforeAll
  static void train() {
    data = DataCatalog.here().open("digits");
    model = trained(new Mlp(List.of(64, 64), 0).build(data.shape(), 10, 1));
  }

  private static Graph trained(Graph net) {
    return Trainer.of(net, data).settings(TrainSettings.epochs(12)).threads(1).train().model();
  }

  /** Hears what a search says. */
  private static final class Notes implements ProgressListener {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void begin(String step, long total, String unit) {
      lines.add("begin " + step);
    }

    @Override
    public void advance(long done, Map<String, Double> measures) {}

    @Override
    public void end(String summary) {}

    @Override
    public void note(String line) {
      lines.add(line);
    }
  }

  private static Search.Found search(
      Graph net, String out, double maxDrop, Duration budget, Notes notes) {
    return Search.in(
        net,
        data,
        new Limits(maxDrop, budget, 128, true),
        SMALLEST_IN_BROWSERS,
        folder.resolve(out),
        1,
        notes,
        soFar -> {});
  }

  private static Candidate named(Search.Found found, String name) {
    return found.candidates().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not among " + found.candidates()));
  }

  @Test
  void search_withTimeToTrain_findsAPrunedModelOfIntegersAndTakesItAgain() throws IOException {
    Search.Found found = search(model, "whole", .03, Duration.ofMinutes(5), new Notes());
    Candidate half = named(found, "pruned-50");
    Candidate whole = named(found, "float");
    assertThat(half.from()).isEqualTo("pruned-75");
    assertThat(half.trainedSteps()).isGreaterThan(500);
    assertThat(half.macs()).isBetween(whole.macs() * 35 / 100, whole.macs() / 2);
    assertThat(half.parameters()).isLessThan(whole.parameters());
    assertThat(half.drop()).isLessThanOrEqualTo(.03);
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
    assertThat(search(model, "whole", .03, Duration.ofMinutes(5), again)).isEqualTo(found);
    assertThat(again.lines).contains("pruned-50: taken from an earlier search");
    assertThat(again.lines).noneMatch(line -> line.startsWith("begin pruned"));
    assertThat(folder.resolve("whole/candidates.json")).hasBinaryContent(list);
  }

  @Test
  void search_withHardlyAnyTime_answersAllTheSame() {
    Notes notes = new Notes();
    Search.Found found = search(model, "hasty", .03, Duration.ofMillis(1), notes);
    assertThat(found.candidates()).extracting(Candidate::name).containsExactly("float", "int8");
    assertThat(found.best().name()).isEqualTo("int8");
    assertThat(notes.lines).anyMatch(line -> line.startsWith("pruned-75: not begun, 0 s of the"));
  }

  @Test
  void search_ofANetWithNothingToCut_saysSoAndQuantizes() {
    Graph linear = trained(new Mlp(List.of(), 0).build(data.shape(), 10, 1));
    Notes notes = new Notes();
    Search.Found found = search(linear, "linear", .05, Duration.ofMinutes(2), notes);
    assertThat(found.best().name()).isEqualTo("int8");
    assertThat(notes.lines).anyMatch(line -> line.contains("no channel can go"));
  }

  @Test
  void search_ofAnOperatorThatCannotBeTrained_saysSoAndQuantizes() {
    Notes notes = new Notes();
    Search.Found found = search(withErf(), "strange", 1, Duration.ofMinutes(2), notes);
    assertThat(found.candidates()).extracting(Candidate::name).containsExactly("float", "int8");
    assertThat(notes.lines)
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
}
