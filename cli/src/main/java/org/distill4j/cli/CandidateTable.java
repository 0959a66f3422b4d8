package org.distill4j.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.distill4j.search.Candidate;

/**
 * The candidates of a search as a table: sizes, operations, what is kept and, if measured, time.
 */
final class CandidateTable {
  private CandidateTable() {}

  static void print(List<Candidate> candidates, PrintWriter printer) {
    boolean isTimed = candidates.stream().anyMatch(c -> c.p50Ms() != null);
    int width = candidates.stream().mapToInt(c -> c.name().length()).max().orElse(0);
    String name = "| %-" + Math.max(width, "candidate".length()) + "s ";
    printer.printf(
        Locale.ROOT,
        name + "| %11s | %11s | %13s | %11s | %8s | %8s |",
        "candidate",
        "bytes",
        "parameters",
        "multiply-adds",
        "on integers",
        "accuracy",
        "drop");
    printer.printf("%s %-14s |%n", isTimed ? String.format(" %9s |", "p50") : "", "ranges by");
    String dashes = "-".repeat(Math.max(width, "candidate".length()) + 2);
    printer.printf(
        "|%s|------------:|------------:|--------------:|------------:|---------:|---------:|%s----------------|%n",
        dashes, isTimed ? "----------:|" : "");
    for (Candidate c : candidates) {
      printer.printf(
          Locale.ROOT,
          name + "| %,11d | %,11d | %,13d | %,11d | %8.4f | %8.4f |",
          c.name(),
          c.bytes(),
          c.parameters(),
          c.macs(),
          c.integerMacs(),
          c.accuracy(),
          c.drop() + 0.0);
      printer.printf(
          "%s %-14s |%n",
          isTimed ? String.format(Locale.ROOT, " %6.3f ms |", c.p50Ms()) : "",
          c.observer().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    for (Candidate c : candidates) {
      if (c.fault() != null) {
        printer.println(c.name() + ": " + c.fault());
      }
    }
  }
}
