package org.distill4j.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.distill4j.data.Dataset;
import org.distill4j.data.LabelledSubset;
import org.distill4j.data.Splits;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;

/** What a plan tells of the data, a line each. */
final class DataLines {
  private DataLines() {}

  /**
   * @param train what the student is trained on
   * @param student takes the examples as its preprocessing says
   */
  static List<String> of(Splits splits, Dataset train, LabelledSubset labelled, Graph student) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s: %,d training, %,d validation, %,d test examples %s, classes %s",
            train.name(),
            splits.train().data().size(),
            splits.validation().data().size(),
            splits.test().data().size(),
            train.shape(),
            String.join(", ", train.classes())));
    train
        .table()
        .ifPresent(
            table ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "a table: %d columns become %d numbers, fitted on the training examples",
                        table.columns().size(),
                        table.width())));
    lines.addAll(splits.train().data().columnLines());
    lines.addAll(splits.notes());
    lines.add(
        String.format(
            Locale.ROOT,
            "the student may see %,d of %,d labels; a net takes %s",
            labelled.count(),
            labelled.size(),
            Metadata.preprocessing(student).orElseGet(train::preprocessing).formula()));
    return lines;
  }
}
