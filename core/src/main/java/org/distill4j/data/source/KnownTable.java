package org.distill4j.data.source;

import java.util.List;
import java.util.Optional;
import org.distill4j.data.cells.TableSettings;
import org.distill4j.data.cells.TargetColumns;
import org.distill4j.graph.TaskType;
import org.distill4j.table.Scaling;

/**
 * A table that is known by its name.
 *
 * @param validation how many training examples are drawn for validation
 * @param table how it is read where the settings say nothing
 * @param truth which column is the truth
 */
record KnownTable(
    String name,
    String publisher,
    long validation,
    KnownFile train,
    KnownFile test,
    TableSettings table,
    TargetColumns truth)
    implements Published {
  /**
   * Census income. The weight of a person in the census, {@code fnlwgt}, is no property of the
   * person. Labels of the test file end with a full stop, and its first line is no example.
   *
   * @see <a href="https://doi.org/10.24432/C5XW20">Becker and Kohavi, 1996</a>
   */
  static final KnownTable ADULT =
      new KnownTable(
          "adult",
          "https://archive.ics.uci.edu/ml/machine-learning-databases/adult/",
          3256,
          new KnownFile(
              "adult.data",
              "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d",
              "adult.data"),
          new KnownFile(
              "adult.test",
              "a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05",
              "adult.test"),
          new TableSettings(
              List.of(
                  "age",
                  "workclass",
                  "fnlwgt",
                  "education",
                  "education-num",
                  "marital-status",
                  "occupation",
                  "relationship",
                  "race",
                  "sex",
                  "capital-gain",
                  "capital-loss",
                  "hours-per-week",
                  "native-country",
                  "income"),
              Optional.of(","),
              Optional.of("|"),
              List.of("", "?"),
              List.of(),
              List.of("fnlwgt"),
              List.of("capital-gain", "capital-loss"),
              Scaling.STANDARD,
              100,
              List.of()),
          new TargetColumns(
              TaskType.SINGLE_LABEL, List.of("income"), List.of("<=50K", ">50K"), "."));

  /** All that are known. */
  static final List<KnownTable> ALL = List.of(ADULT);

  @Override
  public List<KnownFile> files() {
    return List.of(train, test);
  }
}
