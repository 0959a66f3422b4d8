package org.distill4j.data;

/**
 * A part of the data with one purpose, which its type says: a method that takes a {@link TrainSet}
 * cannot be handed test images by mistake.
 */
public sealed interface Split permits TrainSet, ValidationSet, TestSet {
  /** The examples. */
  Dataset data();

  /** How many examples there are. */
  default long size() {
    return data().size();
  }

  /** {@code train}, {@code validation} or {@code test}. */
  String purpose();
}
