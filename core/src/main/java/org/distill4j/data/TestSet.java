package org.distill4j.data;

/** What the one final verdict is read from. */
public record TestSet(Dataset data) implements Split {
  @Override
  public String purpose() {
    return "test";
  }
}
