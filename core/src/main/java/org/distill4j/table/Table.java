package org.distill4j.table;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.distill4j.fault.InputFault;
import org.distill4j.settings.DigestedAs;

/**
 * The fitted preprocessing of a table: how rows of text become a model's input. It is fitted on
 * training examples alone and travels with the model, so that a row from elsewhere becomes the same
 * numbers.
 *
 * @param columns those the model sees, in the order of its input; names are not repeated
 * @param label the columns that hold the truth
 * @param missing spellings of an empty cell
 * @param origins where the numbers of the truth are counted from, one for each of its columns;
 *     none: from 0. A number far from 0 has too few of 32 bits left for what tells it from others
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@DigestedAs("Table[columns, label, missing, origins?]")
public record Table(
    List<Column> columns,
    List<String> label,
    List<String> missing,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Double> origins) {
  /** Takes copies and checks the names. */
  public Table {
    columns = List.copyOf(columns);
    label = List.copyOf(label);
    missing = List.copyOf(missing);
    origins = origins == null ? List.of() : List.copyOf(origins);
    Set<String> names = new HashSet<>();
    for (Column column : columns) {
      if (!names.add(column.name())) {
        throw new IllegalArgumentException(
            "columns: '" + column.name() + "' twice (expected: each once)");
      }
    }
  }

  /** A table whose truth is as its cells say. */
  public Table(List<Column> columns, List<String> label, List<String> missing) {
    this(columns, label, missing, List.of());
  }

  /** The same with the truth counted from elsewhere. */
  public Table origins(List<Double> numbers) {
    return new Table(columns, label, missing, numbers);
  }

  /** Where the numbers of a column of the truth are counted from. */
  public double origin(int truth) {
    return origins.isEmpty() ? 0 : origins.get(truth);
  }

  /** What the answers are called: {@code year - 2020} for years that are counted from 2020. */
  public List<String> answers(List<String> names) {
    return origins.isEmpty()
        ? names
        : IntStream.range(0, names.size())
            .mapToObj(i -> origin(i) == 0 ? names.get(i) : counted(names.get(i), origin(i)))
            .toList();
  }

  private static String counted(String name, double from) {
    String number = new BigDecimal(Double.toString(Math.abs(from))).toPlainString();
    return name + (from < 0 ? " + " : " - ") + number.replaceFirst("\\.0$", "");
  }

  /** How many numbers a cell of each column becomes. */
  public List<Integer> widths() {
    return columns.stream().map(Column::width).toList();
  }

  /** How many numbers a row becomes. */
  public int width() {
    return columns.stream().mapToInt(Column::width).sum();
  }

  /** What the numbers of a row are called, in their order. */
  public List<String> features() {
    List<String> names = new ArrayList<>();
    columns.forEach(column -> names.addAll(column.features()));
    return names;
  }

  /** The columns' names. */
  public List<String> names() {
    return columns.stream().map(Column::name).toList();
  }

  /**
   * The cells of a row, told back from the numbers that they became, as far as 32 bits kept them.
   *
   * @param numbers as {@link #encode} gave them
   * @return name and value of each column; an empty value where the cell was empty
   */
  public List<List<String>> cells(float[] numbers) {
    return RowCells.of(this, numbers);
  }

  /**
   * A row of text as numbers.
   *
   * @param cells one per column, in the order of the columns
   * @param row what messages call it, such as {@code new.csv:7}
   * @throws InputFault if a number is none
   */
  public float[] encode(List<String> cells, String row) {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(
          "cells: " + cells.size() + " (expected: " + columns.size() + ")");
    }
    float[] numbers = new float[width()];
    int at = 0;
    for (int c = 0; c < columns.size(); c++) {
      String cell = cells.get(c);
      boolean empty = missing.contains(cell);
      if (columns.get(c) instanceof Column.Scaled scaled) {
        scaled.put(empty ? Double.NaN : number(cell, row, scaled), numbers, at);
      } else if (columns.get(c) instanceof Column.Categorical names) {
        int place = empty ? names.missingPlace() : names.place(cell);
        if (place >= 0) {
          numbers[at + place] = 1;
        }
      }
      at += columns.get(c).width();
    }
    return numbers;
  }

  private static double number(String cell, String row, Column.Scaled column) {
    double value = column.number(cell);
    if (Double.isNaN(value) || !column.holds(value)) {
      throw new InputFault(
          "%s column '%s': '%s' (expected: %s)"
              .formatted(row, column.name(), cell, column.expected()));
    }
    return value;
  }

  /** The names of a row that have no place of their own, by their columns. */
  public Map<String, String> unknown(List<String> cells) {
    Map<String, String> unknown = new LinkedHashMap<>();
    for (int c = 0; c < columns.size(); c++) {
      String cell = cells.get(c);
      if (columns.get(c) instanceof Column.Categorical names
          && !missing.contains(cell)
          && !names.isKnown(names.place(cell))) {
        unknown.put(names.name(), cell);
      }
    }
    return unknown;
  }
}
