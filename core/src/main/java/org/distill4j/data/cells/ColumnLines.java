package org.distill4j.data.cells;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.distill4j.data.cells.RawTable.Head;
import org.distill4j.data.cells.RawTable.RawColumn;
import org.distill4j.table.Column;
import org.distill4j.table.Table;

/** The columns of a table as a plan shows them, a line each. */
final class ColumnLines {
  private static final int MOST = 100;
  private static final int WIDEST = 32;
  private static final int SHOWN = 3;

  private ColumnLines() {}

  /** The columns that a model sees, those it does not, and the truth. */
  static List<String> of(Head head, Table table) {
    List<String[]> cells = new ArrayList<>();
    cells.add(new String[] {"column", "kind", "distinct", "empty", "becomes"});
    for (int c = 0; c < table.columns().size(); c++) {
      RawColumn raw = head.columns().get(c);
      Column column = table.columns().get(c);
      boolean names = !raw.isSurveyed() && column instanceof Column.Categorical;
      long distinct = names ? raw.dictionary().size() : raw.distinct();
      cells.add(
          new String[] {
            column.name(), kind(column), count(distinct), count(raw.empty()), becomes(column)
          });
    }
    head.leftOut()
        .forEach(
            left ->
                cells.add(
                    new String[] {
                      left.name(), "-", count(left.distinct()), count(left.empty()), left.why()
                    }));
    cells.add(
        new String[] {
          String.join(", ", head.label()), "label", count(classes(head)), "-", "the answer"
        });
    return lines(cells);
  }

  /** How many classes the label has; -1 where its columns are the answers themselves. */
  private static long classes(Head head) {
    return head.names().equals(head.label()) ? -1 : head.names().size();
  }

  private static String count(long count) {
    return count < 0 ? "-" : String.format(Locale.ROOT, "%,d", count);
  }

  private static String kind(Column column) {
    return column instanceof Column.Dated
        ? "dates"
        : column instanceof Column.Categorical ? "names" : "numbers";
  }

  private static String becomes(Column column) {
    String missing = column.missing() ? ", 1 if empty" : "";
    if (column instanceof Column.Categorical names) {
      List<String> values = names.values();
      String some = String.join(", ", values.subList(0, Math.min(SHOWN, values.size())));
      return numbers(names.width())
          + some
          + (values.size() > SHOWN ? ", ..." : "")
          + (names.other() ? ", all others" : "")
          + missing;
    }
    String what =
        column instanceof Column.Dated dated
            ? "days, by " + dated.format()
            : ((Column.Scaled) column).log() ? "logarithm, scaled" : "scaled";
    return numbers(column.width()) + what + missing;
  }

  private static String numbers(int width) {
    return width + (width == 1 ? " number: " : " numbers: ");
  }

  private static List<String> lines(List<String[]> cells) {
    int[] widths = new int[cells.get(0).length - 1];
    for (String[] row : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.min(WIDEST, Math.max(widths[i], row[i].length()));
      }
    }
    List<String> lines = new ArrayList<>();
    for (String[] row : cells.subList(0, Math.min(MOST, cells.size()))) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %%-%ss  %%-%ss  %%%ss  %%%ss  %%s"
                  .formatted(widths[0], widths[1], widths[2], widths[3]),
              (Object[]) row));
    }
    if (cells.size() > MOST) {
      lines.add("  ... and %s more".formatted(cells.size() - MOST));
    }
    return lines;
  }
}
