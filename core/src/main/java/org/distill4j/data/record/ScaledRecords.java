package org.distill4j.data.record;

import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.DerivedDataset;
import org.distill4j.table.Table;

/** Records whose numbers were scaled before they were shortened, by a table that a model keeps. */
final class ScaledRecords extends DerivedDataset {
  private final Table table;

  ScaledRecords(Dataset rows, Table table) {
    super(rows);
    this.table = table;
  }

  @Override
  public Optional<Table> table() {
    return Optional.of(table);
  }
}
