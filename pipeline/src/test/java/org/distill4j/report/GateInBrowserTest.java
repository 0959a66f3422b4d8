package org.distill4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.distill4j.Browser;
import org.distill4j.results.Gate;
import org.distill4j.results.IntegerParity;
import org.distill4j.results.Results;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gate in a run's report, and the page of a search for a smaller model. */
class GateInBrowserTest {
  @TempDir static Path folder;

  private static Browser browser;

  @BeforeAll
  static void open() throws IOException {
    assumeTrue(
        Browser.find().isPresent(),
        "skipped: no chromium on the path; install it or set $CHROMIUM");
    browser = new Browser(Browser.find().orElseThrow(), folder.resolve("profile"));
    browser.size(1280, 900, false);
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  private static JsonNode ask(String expression) {
    return browser.evaluate(expression);
  }

  private static void show(Path page) {
    browser.complaints.clear();
    browser.open(page.toUri());
    assertThat(browser.complaints).isEmpty();
    assertThat(ask("document.documentElement.dataset.errors").asText()).isEqualTo("0");
    assertThat(ask("document.documentElement.dataset.blocked").asText()).isEqualTo("0");
  }

  /** A run whose 8-bit student is too large for its gate. */
  private static ReportData gated(ReportData plain) {
    Results r = plain.results();
    Results.Model student = r.model("student").orElseThrow();
    List<Results.Model> models = new ArrayList<>(r.models());
    models.add(
        new Results.Model(
            "student-int8",
            "student-int8/model.onnx",
            student.parameters(),
            student.macs(),
            60_000,
            student.metrics(),
            new Results.Latency(1, 1, 0.05, 0.06, 0.07),
            null,
            IntegerParity.of(
                512,
                64,
                .00125,
                .0002,
                .998,
                1,
                .9995,
                .998,
                List.of(new IntegerParity.Layer("<b>conv1</b>", .9991, .99, 3)),
                List.of("ONNX Runtime 9", "TensorFlow 9", "exact integers on Java 9")),
            null));
    Gate.Rule kept =
        new Gate.Rule(
            "accuracy", "student-int8", "test", "point", .8, .7, null, 1500, true, "it is 0.8");
    Gate.Rule broken =
        new Gate.Rule(
            "bytes",
            "student-int8",
            "test",
            "point",
            60_000L,
            10L,
            null,
            null,
            false,
            "60,000 <b>");
    Gate gate =
        new Gate(
            false,
            List.of(kept, broken),
            new Gate.Best("student-int8", "student-int8/model.onnx", 1),
            List.of(
                new Gate.Attempt("recipe", null, false, true, List.of(broken)),
                new Gate.Attempt("attempt-1", "student.net other", false, false, List.of(broken))));
    Results results =
        new Results(
            r.format(),
            r.recipe(),
            r.seed(),
            r.seconds(),
            r.data(),
            r.stages(),
            models,
            r.comparisons(),
            r.advice(),
            gate,
            r.search(),
            r.exports());
    return new ReportData(
        results,
        plain.classes(),
        plain.curves(),
        plain.evaluations(),
        plain.samples(),
        plain.softLabels(),
        plain.courses(),
        plain.recipe(),
        plain.environment());
  }

  @Test
  void report_gateNotPassed_showsEachLimitTheBestCandidateAndWhatWasTried() throws IOException {
    Path page = folder.resolve("report.html");
    HtmlReport.write(page, gated(SampleRun.report(folder.resolve("cache"))));
    show(page);
    assertThat(ask("document.getElementById('gatewords').innerText").asText())
        .isEqualTo(
            "Not passed: 1 of 2 not kept. Best candidate: student-int8, student-int8/model.onnx.");
    assertThat(ask("[...document.querySelectorAll('#gatelist li')].map(l => l.className)"))
        .extracting(JsonNode::asText)
        .containsExactly("kept", "broken");
    assertThat(ask("document.querySelector('#gatelist .broken').innerText").asText())
        .contains("bytes", "60,000 <b>", "Not kept; reads the point on the test split.");
    assertThat(ask("[...document.querySelectorAll('#attemptlist li')].map(l => l.innerText)"))
        .hasSize(2)
        .anyMatch(l -> l.asText().contains("as the recipe says. Taken."))
        .anyMatch(l -> l.asText().contains("student.net other."));
    assertThat(ask("document.getElementById('bybytes').ariaLabel").asText())
        .contains("student: ", "student-int8: 60.0 kB");
    assertThat(ask("document.querySelector('#paritytable tbody tr').innerText").asText())
        .isEqualTo("student-int8\t512 (64 exact)\t99.80 %\t100.00 %\t0.0013\t99.950 %");
    assertThat(ask("document.getElementById('paritywords').textContent").asText())
        .isEqualTo("student-int8 ran in ONNX Runtime 9, TensorFlow 9, exact integers on Java 9.");
    assertThat(ask("document.querySelector('#parityoff tbody tr').textContent").asText())
        .isEqualTo("<b>conv1</b>student-int899.910 %99.000 %3");
    assertThat(ask("document.querySelector('#advice .gate')").isNull())
        .as("no rule of thumb is demanded")
        .isTrue();
  }

  @Test
  void report_withoutLimitsAndSmallerModels_hasNoSuchSections() throws IOException {
    Path page = folder.resolve("plain.html");
    HtmlReport.write(page, SampleRun.report(folder.resolve("cache")));
    show(page);
    assertThat(ask("document.getElementById('gate') === null").asBoolean()).isTrue();
    assertThat(ask("document.getElementById('pareto') === null").asBoolean()).isTrue();
    assertThat(ask("document.getElementById('parity') === null").asBoolean()).isTrue();
  }

  @Test
  void pareto_eachCandidate_isDrawnAndNamed() {
    Path page = folder.resolve("pareto.html");
    ParetoPage.write(
        page,
        "net.onnx",
        "int8 takes 30 % of the bytes.",
        new Pareto(
            List.of(
                new Pareto.Point("float", 200_000, .9, 50_000, 2_000_000, 0L, 1.0, false),
                new Pareto.Point("int8", 60_000, .89, 50_000, 2_000_000, 1_900_000L, .8, true),
                new Pareto.Point(
                    "int8-worse", 61_000, .88, 50_000, 2_000_000, 1_900_000L, .9, false))));
    show(page);
    assertThat(ask("document.documentElement.dataset.charts").asText()).isEqualTo("2");
    assertThat(ask("document.getElementById('bybytes').ariaLabel").asText())
        .isEqualTo("float: 200 kB, 90.00 %; int8: 60.0 kB, 89.00 %; int8-worse: 61.0 kB, 88.00 %");
    assertThat(ask("[...document.querySelectorAll('#paretotable tbody tr')].map(r => r.innerText)"))
        .extracting(JsonNode::asText)
        .anyMatch(row -> row.startsWith("int8, taken") && row.endsWith("on the front"))
        .anyMatch(row -> row.startsWith("int8-worse") && row.endsWith("no gain"));
    assertThat(ask("document.getElementById('lead').innerText").asText())
        .isEqualTo("int8 takes 30 % of the bytes.");
    JsonNode inked =
        ask(
            """
            [...document.querySelectorAll('canvas')].map(c =>
              c.getContext('2d').getImageData(0, 0, c.width, c.height).data
                .filter((v, i) => i % 4 === 3 && v > 0).length)
            """);
    assertThat(inked).hasSize(2).allMatch(pixels -> pixels.asInt() > 1000);
  }

  @Test
  void pareto_withoutTimes_drawsMultiplyAddsInstead() {
    Path page = folder.resolve("untimed.html");
    ParetoPage.write(
        page,
        "net.onnx",
        "For another machine.",
        new Pareto(
            List.of(
                new Pareto.Point("float", 200_000, .9, 50_000, 2_000_000, 0L, null, false),
                new Pareto.Point("pruned-50", 60_000, .89, 20_000, 1_000_000, 0L, null, true))));
    show(page);
    assertThat(ask("document.documentElement.dataset.charts").asText()).isEqualTo("2");
    assertThat(ask("document.getElementById('bymacs').ariaLabel").asText())
        .isEqualTo("float: 2.00 million, 90.00 %; pruned-50: 1.00 million, 89.00 %");
    assertThat(ask("document.getElementById('bytime') === null").asBoolean()).isTrue();
  }
}
