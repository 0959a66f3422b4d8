package org.distill4j.data.record;

import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.DerivedDataset;
import org.distill4j.images.ResizeMode;
import org.distill4j.records.RecordSettings;
import org.distill4j.table.Table;

/** Records, which tell how they were read, for a model to keep it. */
final class RecordDataset extends DerivedDataset {
  private final RecordSettings settings;
  private final ResizeMode fit;
  private final Optional<Table> table;

  /**
   * Tells of rows.
   *
   * @param table how numbers were scaled before they were shortened, if they were
   */
  RecordDataset(Dataset rows, RecordSettings settings, ResizeMode fit, Optional<Table> table) {
    super(rows);
    this.settings = settings;
    this.fit = fit;
    this.table = table;
  }

  @Override
  public Optional<Table> table() {
    return table;
  }

  @Override
  public ResizeMode fit() {
    return fit;
  }

  @Override
  public Optional<RecordSettings> records() {
    return Optional.of(settings).filter(said -> !said.equals(RecordSettings.defaults()));
  }
}
