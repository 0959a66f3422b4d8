package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.distill4j.fault.InputFault;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.RecipeReader;
import org.distill4j.recipe.RecipeWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a gate may demand, and what is refused before anything is trained. */
class GateReadingTest {
  private static final String RECIPE =
      """
      name: g
      data: digits
      teacher: {net: {mlp: {hidden: [32]}}, train: {epochs: 1}}
      student: {net: {mlp: {hidden: [8]}}, train: {epochs: 1}}
      """;

  private static Recipe recipe(String... more) {
    return RecipeReader.parse(
        RECIPE + String.join("\n", more) + "\n", "g.yaml", Path.of("/"), List.of());
  }

  @Test
  void read_shortForms_areTheLongOnes_andAreWrittenBack() {
    Recipe shortly =
        recipe(
            "gate: [{accuracy: 0.9}, {drop: 0.02}, beats-alone, {bytes: 100000}, {worst-slice: 0.5}]");
    Recipe longly =
        recipe(
            "gate:",
            "  limits:",
            "    - {accuracy: {least: 0.9, reads: point}}",
            "    - {drop: {most: 0.02, against: teacher, reads: bound}}",
            "    - {beats-alone: {by: 0, reads: bound}}",
            "    - {bytes: {most: 100000}}",
            "    - {worst-slice: {least: 0.5, by: class, smallest: 30, reads: point}}");
    assertThat(shortly).isEqualTo(longly);
    Recipe all =
        recipe(
            "gate:",
            "  limits: [{latency: {p95: 3, batch: 8, threads: 2}}, {auc: {least: 0.9, model: teacher}}]",
            "  alert: {webhook: {env: ALERT_URL, tries: 2}}",
            "  on-fail: {back-to: distill, with: [{distill: {temperature: 8}}, {student: {train: {epochs: 9}}}]}");
    assertThat(RecipeReader.parse(RecipeWriter.text(all), "w", Path.of("/"), List.of()))
        .isEqualTo(all);
    assertThat(recipe("gate: {alert: {command: [./tell.sh, loud]}}").gate().get().alert())
        .isPresent();
  }

  @Test
  void write_recipeWithoutAGate_saysNothingOfIt() {
    assertThat(RecipeWriter.text(recipe())).doesNotContain("limits", "on-fail");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "gate: [{acuracy: 0.9}] | gate.0.acuracy: unknown name (did you mean 'accuracy'?)",
        "gate: [{accuracy: 90}] | gate.0.accuracy: 90.0 (expected: 0 to 1)",
        "gate: [{drop: 2}] | gate.limits.0.most: 2.0 (expected: 0 to 1, a share)",
        "gate: [{drop: {most: 0.1, against: techer}}] | gate.limits.0.against: 'techer' (expected: a model of the run: teacher, student-alone, student-all-labels, student)",
        "gate: [{drop: {most: 0.1, against: student}}] | gate.limits.0.model: 'student' (expected: another one than student)",
        "gate: [{bytes: {most: 10, model: student-int8}}] | gate.limits.0.model: 'student-int8' (expected: a model of the run: teacher, student-alone, student-all-labels, student)",
        "gate: [{latency: {batch: 1}}] | gate.0.latency.p50, p95: neither given (expected: at least one)",
        "gate: [{mae: 3}] | gate.limits.0: mae (expected: one that data.task single-label has)",
        "gate: [{worst-slice: {most: 3}}] | gate.limits.0: most (expected: least: an accuracy, as data.task is single-label)",
        "gate: [{accuracy: {least: 0.9, reads: both}}] | gate.0.accuracy.reads: 'both' (expected: point or bound)",
        "gate: {limits: [{accuracy: 0.9}], alert: {webhook: hooks.org/x}} | gate.alert.webhook: 'hooks.org/x' (expected: an address such as https://host/path)",
        "gate: {limits: [{accuracy: 0.9}], on-fail: {with: []}} | gate.on-fail.with: [] (expected: at least one change)",
        "gate: {limits: [{accuracy: 0.9}], on-fail: {with: [{}]}} | gate.on-fail.with.0.student, distill: neither given (expected: at least one)",
        "gate: {limits: [{accuracy: 0.9}], on-fail: {with: [{distill: {hard: 0, soft: 0}}]}} | gate.on-fail.with.0: hard, soft: 0, 0 (expected: one of them > 0)",
        "gate: {on-fail: {with: [{distill: {temperature: 3}}]}} | gate.limits, on-fail: none, given (expected: limits that validation is held against)",
      })
  void read_gateThatMeansNothing_isRefusedInOneLine(String line, String fault) {
    assertThatThrownBy(() -> recipe(line))
        .isInstanceOf(InputFault.class)
        .hasMessage("g.yaml:5 " + fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "baselines: [] | worse-than-alone | advice.gate, baselines: worse-than-alone, no alone (expected: alone among them)",
        "distill: {soft: 0} | worse-than-alone | advice.gate, distill.soft: worse-than-alone, 0 (expected: a soft weight > 0, or another rule)",
        "distill: {soft: 0} | transfer-set | advice.gate, distill.soft: transfer-set, 0 (expected: a soft weight > 0, or another rule)",
        "baselines: [alone] | labels-bring-more | advice.gate, baselines: labels-bring-more, no all-labels (expected: all-labels among them)",
        "seed: 2 | labels-bring-more | advice.gate, student.labelled: labels-bring-more, every label (expected: labels that the student does not see)",
        "seed: 2 | temperature-at-edge | advice.gate, search: temperature-at-edge, absent (expected: a search for the temperature)",
      })
  void read_ruleOfThumbThatCannotBeMeasured_isRefused(String other, String rule, String fault) {
    assertThatThrownBy(() -> recipe(other, "advice: {gate: [" + rule + "]}"))
        .isInstanceOf(InputFault.class)
        .hasMessageEndingWith(fault);
  }

  @Test
  void read_ruleOfOneClassForAnotherTask_isRefused() {
    String text = RECIPE.replace("data: digits", "data: {path: a.csv, task: multi-label}");
    assertThatThrownBy(
            () ->
                RecipeReader.parse(
                    text + "advice: {gate: [weak-teacher]}\ndistill: {temperature: 2}\n",
                    "g.yaml",
                    Path.of("/"),
                    List.of()))
        .hasMessageContaining(
            "weak-teacher, multi-label (expected: single-label, or another rule)");
  }

  @Test
  void plan_limitsTheDataCannotMeasure_areAllRefusedAtOnce() {
    Recipe recipe =
        recipe("gate: [{auc: {least: 0.9, reads: bound}}, {worst-slice: {least: 0.5, by: sex}}]");
    assertThatThrownBy(() -> Plan.of(recipe, ProgressListener.NONE))
        .isInstanceOfSatisfying(
            InputFault.class,
            fault ->
                assertThat(fault.lines())
                    .containsExactly(
                        "gate.limits.0.reads: bound (expected: point; the bound of AUC is known for two classes)",
                        "gate.limits.1.by: data 'digits' slices by 'sex': no table (expected: class, or a table's column)"));
  }

  @Test
  void plan_tellsTheExamplesThatAMarginNeeds() {
    Recipe recipe =
        recipe(
            "gate:",
            "  limits: [{drop: 0.05}, {drop: {most: 0.01, discordance: 0.1}}, beats-alone, {accuracy: 0.9}]",
            "  on-fail: {with: [{distill: {temperature: 3}}]}");
    String plan = Plan.of(recipe, ProgressListener.NONE).text();
    assertThat(plan)
        .contains("gate: read once on 300 test examples; exit code 3 unless")
        .contains("drop against teacher of student at most 0.05, read at the 95 % bound: needs 157")
        .contains("TOO SMALL, 300 of 7,849 examples")
        .contains("it shows margins from 5.11 points on")
        .contains("accuracy of student at least 0.9")
        .contains("distill.temperature 3")
        .contains(
            "gate, on fail: drop against teacher, read at the bound: 300 validation examples show");
  }
}
