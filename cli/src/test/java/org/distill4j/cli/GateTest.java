package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person, a pipeline and a server hear of a gate. */
class GateTest {
  @TempDir Path folder;

  private Path recipe(String gate) throws IOException {
    return TinyRun.recipe(folder, "baselines: [alone]", "baselines: [alone]\ngate: " + gate);
  }

  private Spoken run(String gate, String out) throws IOException {
    return Spoken.of("run", recipe(gate).toString(), "--out", folder.resolve(out).toString());
  }

  @Test
  void run_limitsKept_endsWithZeroAndSaysSo() throws IOException {
    Spoken run = run("[{accuracy: 0.01}, {bytes: 1000000}]", "kept");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("Gate: passed, 2 rules kept");
  }

  @Test
  void run_limitNotKept_keepsEverythingEndsWithThreeAndTellsTheServer() throws Exception {
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          heard.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://localhost:" + server.getAddress().getPort() + "/";
      Spoken run =
          run(
              "{limits: [{accuracy: 0.01}, {bytes: 10}], alert: {webhook: '" + url + "'}}",
              "broken");
      assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
      assertThat(run.out())
          .contains(
              "Gate: not passed, 1 of 2 rules not kept",
              "(demanded: at most 10)",
              "Best candidate: student, student/model.onnx in the run's folder");
    } finally {
      server.stop(0);
    }
    assertThat(heard).hasSize(1);
    JsonNode news = new ObjectMapper().readTree(heard.get(0));
    assertThat(news.path("event").asText()).isEqualTo("gate-not-passed");
    assertThat(news.path("recipe").asText()).isEqualTo("tiny");
    assertThat(Path.of(news.path("run").asText())).isEqualTo(folder.resolve("broken"));
    assertThat(news.path("best").path("model").asText()).isEqualTo("student");
    assertThat(news.path("rules").findValuesAsText("rule")).containsExactly("bytes");
    Path run = folder.resolve("broken");
    assertThat(run.resolve("student/model.onnx")).isNotEmptyFile();
    assertThat(run.resolve("report.html")).isNotEmptyFile();
    JsonNode gate = new ObjectMapper().readTree(run.resolve("results.json").toFile()).path("gate");
    assertThat(gate.path("passed").asBoolean(true)).isFalse();
    assertThat(gate.path("rules").path(1).path("limit").asLong()).isEqualTo(10);
  }

  @Test
  void run_alertThatCannotBeSent_isALineAndChangesNothing() throws IOException {
    Spoken run = run("{limits: [{bytes: 10}], alert: {command: ['false']}}", "unsent");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    assertThat(Files.readString(folder.resolve("unsent/log.txt")))
        .contains("alert not sent: false: exit code 1");
    assertThat(folder.resolve("unsent/results.json")).isNotEmptyFile();
    assertThat(folder.resolve("unsent/alert.json")).content().contains("gate-not-passed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "[{acuracy: 0.9}] | gate.0.acuracy: unknown name (did you mean 'accuracy'?)",
        "[{f1: 1.2}] | gate.0.f1: 1.2 (expected: 0 to 1)",
        "[{worst-slice: {least: 0.5, by: sex}}] | gate.limits.0.by: data 'digits' slices by 'sex':"
            + " no table (expected: class, or a table's column)",
        "{limits: [{accuracy: 0.9}], alert: {webhook: 'hooks.example.org'}} | gate.alert.webhook:"
            + " 'hooks.example.org' (expected: an address such as https://host/path)",
      })
  void run_wrongGate_isOneLineBeforeAnythingIsTrained(String gate, String line) throws IOException {
    Spoken run = run(gate, "wrong");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().strip()).endsWith(line).doesNotContain("\n");
    assertThat(folder.resolve("wrong/teacher")).doesNotExist();
  }
}
