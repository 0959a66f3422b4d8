package org.distill4j.data;

import java.util.List;
import java.util.stream.Stream;

/** A data set of whose files more is said. */
final class NotedDataset extends DerivedDataset {
  private final List<String> notes;

  /**
   * Adds notes before those that there are.
   *
   * @param notes a sentence each
   */
  NotedDataset(Dataset all, List<String> notes) {
    super(all);
    this.notes = Stream.concat(notes.stream(), all.notes().stream()).toList();
  }

  @Override
  public List<String> notes() {
    return notes;
  }
}
