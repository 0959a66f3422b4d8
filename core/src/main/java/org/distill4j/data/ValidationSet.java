package org.distill4j.data;

/** The validation split, which every choice is made on: early stopping, searches, loops. */
public record ValidationSet(Dataset data) implements Split {
  /** Holds the data to their contract, whoever made them. */
  public ValidationSet {
    data = CheckedDataset.of(data);
  }

  @Override
  public String purpose() {
    return "validation";
  }
}
