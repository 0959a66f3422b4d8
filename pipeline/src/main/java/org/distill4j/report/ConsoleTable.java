package org.distill4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.distill4j.eval.Evaluation;
import org.distill4j.results.Gate;
import org.distill4j.results.Metrics;
import org.distill4j.results.Results;

/**
 * The table of a run's results in plain text: one row per model, one sentence per comparison. The
 * table lines up on a terminal and is Markdown as well.
 */
public final class ConsoleTable {
  private ConsoleTable() {}

  /** The text, ending in a line break. */
  public static String of(Results results) {
    List<List<String>> rows = new ArrayList<>();
    List<Column> measures = Column.of(results);
    List<String> head = new ArrayList<>(List.of("model", "parameters", "bytes"));
    measures.forEach(column -> head.add(column.title()));
    head.add("p50 latency, " + setup(results));
    rows.add(head);
    for (Results.Model model : results.models()) {
      List<String> row =
          new ArrayList<>(List.of(model.name(), known(model.parameters()), count(model.bytes())));
      measures.forEach(column -> row.add(column.cell().apply(model)));
      row.add(
          model.latency() == null
              ? "not measured"
              : String.format(Locale.ROOT, "%.3f ms", model.latency().p50Ms()));
      rows.add(row);
    }
    StringBuilder text = new StringBuilder(table(rows));
    faults(results, text);
    if (!results.comparisons().isEmpty()) {
      text.append('\n');
    }
    for (Results.Comparison comparison : results.comparisons()) {
      text.append("- ").append(comparison.says()).append('\n');
    }
    List<String> gains = Gains.of(results);
    if (!gains.isEmpty()) {
      text.append('\n');
      gains.forEach(line -> text.append("- ").append(line).append('\n'));
    }
    if (results.exports() != null) {
      text.append("\nExports\n");
      results.exports().forEach(e -> text.append("- ").append(e.says()).append('\n'));
    }
    advice(results, text);
    return text.toString();
  }

  /** The models that are no result at all. */
  private static void faults(Results results, StringBuilder text) {
    String before = "\n";
    for (Results.Model model : results.models()) {
      if (model.fault() != null) {
        text.append(before)
            .append("- ")
            .append(model.name())
            .append(": ")
            .append(model.fault())
            .append('\n');
        before = "";
      }
    }
    if (!results.isSound()) {
      text.append("\nThe run has FAILED: what ships is no result; nothing was exported\n");
    }
  }

  /** What the rules of thumb say, those that are waived apart; and how the gate went. */
  private static void advice(Results results, StringBuilder text) {
    List<Results.Advice> told = results.advice().stream().filter(a -> a.waived() == null).toList();
    if (!told.isEmpty()) {
      text.append("\nAdvice\n");
      told.forEach(
          a -> text.append("- ").append(a.id()).append(": ").append(a.says()).append('\n'));
    }
    gate(results, text);
  }

  private static void gate(Results results, StringBuilder text) {
    Gate gate = results.gate();
    if (gate == null) {
      return;
    }
    List<Gate.Rule> broken = gate.broken();
    text.append(
        gate.passed()
            ? "\nGate: passed, %s\n".formatted(rules(gate.rules().size()) + " kept")
            : "\nGate: not passed, %s of %s not kept\n"
                .formatted(broken.size(), rules(gate.rules().size())));
    for (Gate.Rule rule : broken) {
      text.append("- ");
      if (rule.model() == null) {
        text.append(rule.rule()).append(": ");
      }
      text.append(rule.says()).append('\n');
    }
    if (gate.attempts() != null && gate.attempts().size() > 1) {
      for (Gate.Attempt attempt : gate.attempts()) {
        long lacking = attempt.rules().stream().filter(r -> !r.passed()).count();
        text.append("- on validation, ")
            .append(attempt.name())
            .append(attempt.changes() == null ? "" : " (" + attempt.changes() + ")")
            .append(lacking == 0 ? ": keeps every limit" : ": does not keep " + rules(lacking))
            .append(attempt.chosen() ? "; taken\n" : "\n");
      }
    }
    if (!gate.passed() && gate.best() != null) {
      text.append("Best candidate: ")
          .append(gate.best().model())
          .append(", ")
          .append(gate.best().file())
          .append(" in the run's folder\n");
    }
  }

  private static String rules(long count) {
    return count == 1 ? "1 rule" : count + " rules";
  }

  /** {@code ± 0.0012}, the standard deviation between seeds; nothing with one seed. */
  private static String spread(Results.Model model, String metric, String format) {
    return model.metrics().sd() == null
        ? ""
        : " ± " + String.format(Locale.ROOT, format, model.metrics().sd().get(metric));
  }

  /** A measure that the models' task has. */
  private record Column(String title, Function<Results.Model, String> cell) {
    /** Accuracy and errors; beside them the area under the curve of two classes, and so on. */
    static List<Column> of(Results results) {
      List<Column> columns = new ArrayList<>();
      add(columns, results, "accuracy", "accuracy", Metrics::accuracy);
      if (results.models().stream().allMatch(m -> m.metrics().errors() != null)) {
        columns.add(
            new Column(
                "errors",
                m ->
                    count(m.metrics().errors())
                        + spread(m, "errors", "%,.0f")
                        + " of "
                        + count(m.metrics().n())));
      }
      if (results.data().classes().size() == 2 || hasAll(results, Metrics::labelAccuracy)) {
        add(columns, results, "F1", Evaluation.F1, Metrics::f1);
        add(columns, results, "AUC", Evaluation.AUC, Metrics::auc);
      }
      add(columns, results, "label accuracy", Evaluation.LABEL_ACCURACY, Metrics::labelAccuracy);
      add(columns, results, "MAE", Evaluation.MAE, Metrics::mae);
      add(columns, results, "RMSE", Evaluation.RMSE, Metrics::rmse);
      add(columns, results, "R2", Evaluation.R2, Metrics::r2);
      return columns;
    }

    private static void add(
        List<Column> columns,
        Results results,
        String title,
        String key,
        Function<Metrics, Double> of) {
      if (hasAll(results, of)) {
        columns.add(
            new Column(
                title,
                m ->
                    String.format(Locale.ROOT, "%.4f", of.apply(m.metrics()))
                        + spread(m, key, "%.4f")));
      }
    }

    private static boolean hasAll(Results results, Function<Metrics, Double> of) {
      return results.models().stream().allMatch(m -> of.apply(m.metrics()) != null);
    }
  }

  /** What the latencies were measured with, where all agree. */
  private static String setup(Results results) {
    List<String> setups =
        results.models().stream()
            .filter(m -> m.latency() != null)
            .map(m -> "batch %s, threads %s".formatted(m.latency().batch(), m.latency().threads()))
            .distinct()
            .toList();
    return setups.size() == 1 ? setups.get(0) : "batch and threads as measured";
  }

  /** The first column to the left, numbers to the right. */
  private static String table(List<List<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      for (int c = 0; c < widths.length; c++) {
        String cell = rows.get(r).get(c);
        String blanks = " ".repeat(widths[c] - cell.length());
        text.append("| ").append(c == 0 ? cell + blanks : blanks + cell).append(' ');
      }
      text.append("|\n");
      if (r == 0) {
        for (int c = 0; c < widths.length; c++) {
          String dashes = "-".repeat(widths[c] + 1);
          text.append('|').append(c == 0 ? dashes + "-" : dashes + ":");
        }
        text.append("|\n");
      }
    }
    return text.toString();
  }

  /** Nothing has no parameters but a model whose layers are not known. */
  private static String known(long parameters) {
    return parameters == 0 ? "unknown" : count(parameters);
  }

  private static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }
}
