package org.distill4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.distill4j.Browser;
import org.distill4j.Seeds;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.TestSet;
import org.distill4j.eval.Confusion;
import org.distill4j.eval.Evaluation;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Preprocessing;
import org.distill4j.results.Results;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees who opens the report from the disk, offline. */
class ReportInBrowserTest {
  @TempDir static Path folder;

  private static ReportData data;
  private static URI page;
  private static Browser browser;

  @BeforeAll
  static void open() throws IOException {
    assumeTrue(
        Browser.find().isPresent(),
        "skipped: no chromium on the path; install it or set $CHROMIUM");
    data = SampleRun.report(folder.resolve("cache"));
    Path file = folder.resolve("report.html");
    HtmlReport.write(file, data);
    page = file.toUri();
    browser = new Browser(Browser.find().orElseThrow(), folder.resolve("profile"));
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void reload() {
    browser.complaints.clear();
    browser.requests.clear();
    browser.size(1280, 900, false);
    browser.open(page);
  }

  private static JsonNode ask(String expression) {
    return browser.evaluate(expression);
  }

  @Test
  void open_fromDisk_asksNobodyAndComplainsOfNothing() {
    assertThat(browser.requests)
        .isNotEmpty()
        .allMatch(r -> r.equals(page.toString()) || r.startsWith("data:"));
    assertThat(browser.complaints).isEmpty();
    assertThat(ask("document.documentElement.dataset.errors").asText()).isEqualTo("0");
    assertThat(ask("document.documentElement.dataset.blocked").asText()).isEqualTo("0");
  }

  @Test
  void charts_lossAccuracyAndOneReliabilityPerModel_areDrawn() {
    assertThat(ask("document.documentElement.dataset.charts").asText()).isEqualTo("9");
    JsonNode inked =
        ask(
            """
            [...document.querySelectorAll('canvas')].map(c =>
              c.getContext('2d').getImageData(0, 0, c.width, c.height).data
                .filter((v, i) => i % 4 === 3 && v > 0).length)
            """);
    assertThat(inked).hasSize(9).allMatch(pixels -> pixels.asInt() > 2000);
  }

  @Test
  void models_eachRow_holdsItsNumbers() {
    for (Results.Model model : data.results().models()) {
      String row =
          ask("document.querySelector('#models tr[data-model=\"%s\"]').innerText"
                  .formatted(model.name()))
              .asText();
      assertThat(row)
          .contains(
              model.name(),
              String.format(Locale.ROOT, "%,d", model.parameters()),
              String.format(Locale.ROOT, "%,d", model.bytes()),
              String.format(Locale.ROOT, "%,d", model.metrics().errors()),
              String.format(Locale.ROOT, "%.2f %%", 100 * model.metrics().accuracy()),
              String.format(Locale.ROOT, "%.3f", model.latency().p50Ms()));
    }
  }

  @Test
  void comparisons_each_isReadAloudInWords() {
    JsonNode labels = ask("[...document.querySelectorAll('.axis')].map(a => a.ariaLabel)");
    assertThat(labels)
        .extracting(JsonNode::asText)
        .isEqualTo(data.results().comparisons().stream().map(Results.Comparison::says).toList());
    assertThat(ask("document.getElementById('comparisons').innerText").asText())
        .contains("ahead", "95 % CI +", "p\u00a0<\u00a00.001", "n\u00a0=\u00a01,500");
  }

  @Test
  void advice_each_isSaidWithItsRule_andTheBrokenGateIsNamed() {
    JsonNode said = ask("[...document.querySelectorAll('#adviselist li')].map(l => l.innerText)");
    assertThat(said).hasSize(data.results().advice().size());
    assertThat(said.get(0).asText())
        .contains(data.results().advice().get(0).says(), data.results().advice().get(0).rule());
    assertThat(said.get(1).asText()).contains("Waived: a known small student");
    assertThat(ask("document.querySelector('#advice .gate').innerText").asText())
        .startsWith("The gate is not passed.");
  }

  @Test
  void courses_moving_arePlottedAndSaidInWords() {
    assertThat(ask("document.getElementById('weights').ariaLabel").asText())
        .isEqualTo("hard: linear 0.1 -> 0.9; soft: distil-first 0.9 -> 0.1");
    assertThat(ask("Chart.getChart('weights').data.datasets.map(d => d.data.at(-1).y)"))
        .extracting(JsonNode::asDouble)
        .containsExactly(0.9, 0.1);
  }

  @Test
  void search_eachTrial_isAPointAndTheBestIsNamed() {
    assertThat(ask("document.getElementById('trials').ariaLabel").asText())
        .isEqualTo("best of 2: T = 2, hard 0.1, soft 0.9, accuracy 81.00 %");
    assertThat(ask("Chart.getChart('trials').data.datasets[0].data.map(p => p.y)"))
        .extracting(JsonNode::asDouble)
        .containsExactly(0.81, 0.79);
    assertThat(ask("document.getElementById('trialtable').textContent").asText())
        .contains("trial-t2, taken", "trial-t5");
  }

  @Test
  void confusion_everyCell_isTheCount() {
    ReportData.Judged student = data.evaluations().get(2);
    Confusion confusion = student.evaluation().confusion();
    JsonNode rows =
        ask(
            """
            [...document.querySelectorAll('[data-confusion="student"] tbody tr')].map(r =>
              [...r.querySelectorAll('td')].map(c => Number(c.textContent)))
            """);
    for (int truth = 0; truth < 10; truth++) {
      for (int answer = 0; answer < 10; answer++) {
        assertThat(rows.get(truth).get(answer).asInt()).isEqualTo(confusion.count(truth, answer));
      }
    }
  }

  @Test
  void toggles_teacherOff_hidesItsLinesInBothCharts() {
    String visible =
        """
        ['loss', 'accuracy'].map(id => Chart.getChart(id)).flatMap(c =>
          c.data.datasets.filter((d, i) => c.isDatasetVisible(i) && d.model === 'teacher')).length
        """;
    assertThat(ask(visible).asInt()).isEqualTo(4);
    ask("document.querySelector('#toggles input').click()");
    assertThat(ask(visible).asInt()).isZero();
  }

  @Test
  void samples_sixteen_showPictureTruthAndThreeModels() {
    assertThat(ask("document.querySelectorAll('#cards article').length").asInt()).isEqualTo(16);
    assertThat(ask("[...document.images].every(i => i.naturalWidth === 28)").asBoolean()).isTrue();
    ReportData.Sample first = data.samples().get(0);
    JsonNode heads =
        ask(
            "[...document.querySelector('#cards article').querySelectorAll('thead th')].map(t =>"
                + " t.firstChild.textContent)");
    assertThat(heads)
        .extracting(JsonNode::asText)
        .isEqualTo(first.answers().stream().map(ReportData.Answer::model).toList());
    assertThat(ask("document.querySelector('#cards b').textContent").asText())
        .isEqualTo(data.classes().get(first.truth()));
  }

  @Test
  void temperature_moved_softensTheLabels() {
    ReportData.SoftLabel first = data.softLabels().orElseThrow().labels().get(0);
    ask(
        """
        (() => {
          const slider = document.getElementById('temperature');
          slider.value = 5;
          slider.dispatchEvent(new Event('input'));
        })()
        """);
    double[] logits = first.logits().stream().mapToDouble(Double::doubleValue).toArray();
    double[] expected = LinearModel.softmax(logits, 5);
    String width =
        ask("document.querySelector('#softcards .truth td:last-child i').style.width").asText();
    assertThat(Double.parseDouble(width.replace("%", "")))
        .isCloseTo(100 * expected[first.truth()], within(0.01));
    assertThat(ask("document.getElementById('degrees').textContent").asText()).isEqualTo("T = 5");
  }

  @Test
  void dark_asTheUserLikesIt_isDarkAndStillDrawn() throws IOException {
    assertThat(brightness()).isGreaterThan(200);
    browser.size(1280, 900, true);
    assertThat(brightness()).isLessThan(60);
    assertThat(ask("document.documentElement.dataset.charts").asText()).isEqualTo("9");
    assertThat(browser.complaints).isEmpty();
  }

  private static int brightness() throws IOException {
    BufferedImage image =
        ImageIO.read(new ByteArrayInputStream(browser.screenshot(0, 100, 10, 10)));
    return (image.getRGB(5, 5) >> 8) & 0xff;
  }

  @Test
  void narrow_phone_scrollsOneWayOnly() {
    browser.size(390, 800, false);
    assertThat(
            ask("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                .asInt())
        .isZero();
  }

  @Test
  void recipeAndEnvironment_areShownAsTheyAre() {
    assertThat(ask("document.getElementById('recipe').textContent").asText())
        .isEqualTo(data.recipe());
    assertThat(ask("document.getElementById('environment').innerText").asText())
        .contains(data.environment().cpu(), data.environment().java(), "ONNX Runtime");
  }

  /** What a model says of two classes, one number an example: {@code ln(p / (1 - p))}. */
  private static Evaluation ofTwo(int[] labels, double[] p) {
    float[][] rows = new float[p.length][1];
    for (int i = 0; i < p.length; i++) {
      rows[i][0] = (float) Math.log(p[i] / (1 - p[i]));
    }
    Shape shape = Shape.of(List.of(Dim.of("n"), Dim.of(1)));
    GraphBuilder graph = new GraphBuilder("as it is");
    String x = graph.input("x", DType.FLOAT32, shape);
    String none = graph.initializer("none", HostTensor.ofFloats(Shape.of(1), 0));
    Graph model = graph.output(graph.add("Add", Map.of(), x, none), DType.FLOAT32, shape).build();
    ArrayDataset rowsOfTwo =
        new ArrayDataset(
            "two", Shape.of(1), List.of("no", "yes"), rows, labels, Preprocessing.NONE);
    return Evaluation.of(model, new TestSet(rowsOfTwo), 1);
  }

  /** The numbers of a row of the table; 0 where nothing is found. */
  private static double[] row(String model) {
    JsonNode cells =
        ask(
            "[...document.querySelectorAll('tr[data-threshold=\"%s\"] td')].map(c => c.textContent)"
                .formatted(model));
    double[] numbers = new double[cells.size()];
    for (int i = 0; i < numbers.length; i++) {
      String text = cells.get(i).asText().replace(" %", "");
      numbers[i] = text.equals("–") ? Double.NaN : Double.parseDouble(text);
    }
    return numbers;
  }

  @Test
  void threshold_moved_tellsWhatItBringsOfTwoClasses() {
    SplittableRandom random = new SplittableRandom(Seeds.of(51));
    int[] labels = new int[400];
    double[][] p = new double[2][labels.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(4) == 0 ? 1 : 0;
      for (int m = 0; m < 2; m++) { // between two steps of the slider
        int percent = random.nextInt(70) + 29 * labels[i] * random.nextInt(2);
        p[m][i] = (percent + 0.5) / 100;
      }
    }
    List<String> models = List.of("teacher", "student");
    ReportData two =
        new ReportData(
            data.results(),
            List.of("no", "yes"),
            List.of(),
            List.of(
                new ReportData.Judged(models.get(0), ofTwo(labels, p[0])),
                new ReportData.Judged(models.get(1), ofTwo(labels, p[1]))),
            List.of(),
            Optional.empty(),
            List.of(),
            data.recipe(),
            data.environment());
    Path file = folder.resolve("two.html");
    HtmlReport.write(file, two);
    browser.open(file.toUri());
    assertThat(browser.complaints).isEmpty();
    assertThat(ask("document.getElementById('positive').textContent").asText()).isEqualTo("yes");
    for (int percent : List.of(50, 1 + random.nextInt(30), 31 + random.nextInt(40), 100, 0)) {
      ask(
          "(() => { const s = document.getElementById('threshold'); s.value = %s / 100;"
                  .formatted(percent)
              + " s.dispatchEvent(new Event('input')); })()");
      assertThat(ask("document.getElementById('thresholdvalue').textContent").asText())
          .isEqualTo(percent + " %");
      for (int m = 0; m < 2; m++) {
        requireRight(models.get(m), labels, p[m], percent / 100.0);
      }
    }
  }

  private static void requireRight(String model, int[] labels, double[] p, double threshold) {
    double found = 0;
    double right = 0;
    double positives = 0;
    for (int i = 0; i < labels.length; i++) {
      positives += labels[i];
      found += p[i] >= threshold ? 1 : 0;
      right += p[i] >= threshold ? labels[i] : 0;
    }
    double[] expected = {
      100 * right / positives,
      100 * right / found,
      100 * (found - right) / (labels.length - positives)
    };
    double[] shown = row(model);
    assertThat(shown).as("%s at %s", model, threshold).hasSize(3);
    for (int i = 0; i < 3; i++) {
      if (found == 0 && i == 1) { // of nothing, no share
        assertThat(shown[i]).isNaN();
      } else {
        assertThat(shown[i]).as("%s at %s", model, threshold).isCloseTo(expected[i], within(0.06));
      }
    }
    String point = // the one that is drawn
        "(() => { const d = Chart.getChart('%s').data.datasets[%s];"
            + " const drawn = d.data.filter((x, k) => d.pointRadius({dataIndex: k}) > 0);"
            + " return drawn.length ? [drawn[0].x, drawn[0].y, drawn.length] : null; })()";
    int place = model.equals("teacher") ? 0 : 1;
    JsonNode onCurve = ask(point.formatted("precisionrecall", place));
    JsonNode onRoc = ask(point.formatted("roc", place));
    assertThat(onCurve.isNull()).as("%s at %s", model, threshold).isEqualTo(found == 0);
    if (found > 0) {
      assertThat(onCurve.get(2).asInt() + onRoc.get(2).asInt()).isEqualTo(2);
      assertThat(100 * onCurve.get(0).asDouble()).isCloseTo(expected[0], within(0.01));
      assertThat(100 * onCurve.get(1).asDouble()).isCloseTo(expected[1], within(0.01));
      assertThat(100 * onRoc.get(0).asDouble()).isCloseTo(expected[2], within(0.01));
      assertThat(100 * onRoc.get(1).asDouble()).isCloseTo(expected[0], within(0.01));
    }
  }

  @Test
  void open_hostileAndNearlyEmpty_isShownAsText() {
    Path file = folder.resolve("hostile.html");
    HtmlReport.write(file, HtmlReportTest.hostile());
    browser.open(file.toUri());
    assertThat(browser.complaints).isEmpty();
    assertThat(ask("document.querySelectorAll('script').length").asInt()).isEqualTo(3);
    assertThat(ask("document.getElementById('title').textContent").asText())
        .isEqualTo(HtmlReportTest.hostile().results().recipe());
    JsonNode sections = ask("[...document.querySelectorAll('section')].map(s => s.id)");
    assertThat(sections).extracting(JsonNode::asText).isEqualTo(List.of("result", "run"));
  }
}
