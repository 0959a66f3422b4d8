package org.distill4j.data;

/** The training split, which weights are fitted to. */
public record TrainSet(Dataset data) implements Split {
  /** Holds the data to their contract, whoever made them. */
  public TrainSet {
    data = CheckedDataset.of(data);
  }

  @Override
  public String purpose() {
    return "train";
  }
}
