package org.distill4j.data;

/** What weights are fitted to. */
public record TrainSet(Dataset data) implements Split {
  @Override
  public String purpose() {
    return "train";
  }
}
