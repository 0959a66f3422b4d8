package org.distill4j.data;

/** What every choice is made on: early stopping, searches, loops. */
public record ValidationSet(Dataset data) implements Split {
  @Override
  public String purpose() {
    return "validation";
  }
}
