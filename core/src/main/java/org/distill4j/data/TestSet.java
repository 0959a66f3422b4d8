package org.distill4j.data;

/** The test split, which the one final verdict is read from. */
public record TestSet(Dataset data) implements Split {
  /** Holds the data to their contract, whoever made them. */
  public TestSet {
    data = CheckedDataset.of(data);
  }

  @Override
  public String purpose() {
    return "test";
  }
}
