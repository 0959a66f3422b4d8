package org.distill4j.data.cells;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.distill4j.data.cells.RawTable.LeftOut;
import org.distill4j.data.cells.RawTable.RawColumn;
import org.distill4j.data.text.Header;
import org.distill4j.fault.InputFault;
import org.distill4j.table.Column;
import org.distill4j.table.ColumnTally;

/** Looks over a file for what its columns are. */
final class ColumnSurvey {
  private static final int SHOWN = 40;

  private final String file;
  private final List<String> header;
  private final List<Integer> truths;
  private final TableSettings settings;
  private final ColumnTally[] tallies; // null for the truth, a count of rows and what is ignored

  ColumnSurvey(String file, Header head, List<Integer> truths, TableSettings settings) {
    this.file = file;
    this.header = head.names();
    this.truths = truths;
    this.settings = settings;
    requireKnown(settings.ignored(), "ignored");
    requireKnown(settings.categorical(), "categorical");
    requireKnown(settings.log(), "log");
    this.tallies = new ColumnTally[header.size()];
    for (int c = 0; c < tallies.length; c++) {
      if (c != head.index() && !truths.contains(c) && !settings.ignored().contains(header.get(c))) {
        tallies[c] = new ColumnTally(header.get(c), settings.dates(), tallies.length);
      }
    }
  }

  private void requireKnown(List<String> columns, String setting) {
    for (String name : columns) {
      if (!header.contains(name)) {
        throw new InputFault(
            "table.%s: '%s' (expected: a column of %s, which has %s)"
                .formatted(setting, name, file, Header.shown(header)));
      }
    }
  }

  void see(long line, List<String> cells) {
    for (int c = 0; c < tallies.length; c++) {
      if (tallies[c] != null && settings.missing().contains(cells.get(c))) {
        tallies[c].addEmpty();
      } else if (tallies[c] != null) {
        tallies[c].add(line, cells.get(c));
      }
    }
  }

  private Map<String, ColumnTally> tallied() {
    Map<String, ColumnTally> tallied = new LinkedHashMap<>();
    for (int c = 0; c < tallies.length; c++) {
      if (tallies[c] != null) {
        tallied.put(header.get(c), tallies[c]);
      }
    }
    return tallied;
  }

  private boolean isForced(String name) {
    return settings.categorical().contains(name);
  }

  /**
   * What the columns are that a model may see, before they are fitted.
   *
   * @throws InputFault if a few cells of a column are not what all others are, or nothing is left
   */
  List<RawColumn> columns() {
    List<String> faults = new ArrayList<>();
    List<RawColumn> columns = new ArrayList<>();
    tallied()
        .forEach(
            (name, tally) -> {
              if (!isForced(name)) {
                tally.stray().ifPresent(stray -> faults.add(fault(name, stray)));
                tally
                    .question()
                    .ifPresent(
                        asked -> faults.add("%s column '%s': %s".formatted(file, name, asked)));
              }
              Column column =
                  isForced(name)
                      ? new Column.Categorical(name, List.of(), false, false)
                      : tally.unfitted(settings.log().contains(name));
              if (settings.log().contains(name) && !(column instanceof Column.Quantity)) {
                faults.add(
                    "table.log: '%s' (expected: a column of numbers; it has %s)"
                        .formatted(name, column instanceof Column.Dated ? "dates" : "names"));
              }
              if (isForced(name) || tally.kind() != ColumnTally.Kind.NEW_NAMES) {
                columns.add(RawColumn.of(column).distinct(tally.distinct()));
              }
            });
    if (faults.isEmpty() && columns.isEmpty()) {
      faults.add(
          "%s: no column that a model could learn from (expected: one beside %s)"
              .formatted(file, truths.stream().map(header::get).toList()));
    }
    if (!faults.isEmpty()) {
      throw new InputFault(faults);
    }
    return columns;
  }

  private String fault(String name, ColumnTally.Stray stray) {
    String cell = stray.cell();
    String shown = cell.length() > SHOWN ? cell.substring(0, SHOWN) + "..." : cell;
    return String.format(
        Locale.ROOT,
        "%s:%d column '%s': '%s' (expected: %s); if it stands for an empty cell add it to table.missing,"
            + " if the column has names add that to table.categorical",
        file,
        stray.line(),
        name,
        shown,
        stray.expected());
  }

  /** What a person should know of the columns, a sentence each. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    tallied()
        .forEach(
            (name, tally) -> {
              if (!isForced(name)) {
                tally.notes().forEach(n -> notes.add("column '%s': %s".formatted(name, n)));
              }
            });
    return notes;
  }

  /** The columns that a model does not see. */
  List<LeftOut> leftOut() {
    List<LeftOut> left = new ArrayList<>();
    settings.ignored().forEach(name -> left.add(new LeftOut(name, -1, -1, "left out, as asked")));
    tallied()
        .forEach(
            (name, tally) -> {
              if (!isForced(name) && tally.kind() == ColumnTally.Kind.NEW_NAMES) {
                left.add(new LeftOut(name, tally.distinct(), tally.empty(), "left out, as an id"));
              }
            });
    return left;
  }
}
