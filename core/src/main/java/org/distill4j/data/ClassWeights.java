package org.distill4j.data;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;
import org.distill4j.settings.Describe;
import org.distill4j.settings.Shorthand;

/** Class weights: how much each class counts in the loss to the labels, where some are rare. */
public sealed interface ClassWeights {
  /**
   * The weights for the examples a net is trained on.
   *
   * @return one per class
   * @throws InputFault if the data have no classes, or not so many
   */
  List<Double> of(Dataset train);

  /**
   * All classes count the same together, however rare: {@code w = n / (C n_c)} for one class out of
   * C; for each of several labels {@code w = (n - n_c) / n_c}, the weight of having it. A class
   * without examples has weight 1.
   */
  @Describe("all classes count the same together, however rare")
  record Balanced() implements ClassWeights {
    @Override
    public List<Double> of(Dataset train) {
      requireClasses(train);
      int classes = train.classes().size();
      long[] counts = new long[classes];
      FloatBuffer has = FloatBuffer.allocate(classes);
      for (long i = 0; i < train.size(); i++) {
        train.targets(i, has.clear());
        for (int c = 0; c < classes; c++) {
          counts[c] += has.get(c) > 0.5 ? 1 : 0;
        }
      }
      boolean single = train.task() == TaskType.SINGLE_LABEL;
      List<Double> weights = new ArrayList<>();
      for (long count : counts) {
        double others = single ? (double) train.size() / classes : train.size() - (double) count;
        weights.add(count == 0 || others == 0 ? 1.0 : others / count);
      }
      return weights;
    }
  }

  /**
   * As given.
   *
   * @param weights one per class, each greater than 0
   */
  @Shorthand
  @Describe("as given")
  record Given(@Describe("one per class, each > 0") List<Double> weights) implements ClassWeights {
    /** Takes a copy and checks the bounds. */
    public Given {
      weights = List.copyOf(weights);
      for (double weight : weights) {
        if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException("weights: " + weights + " (expected: each > 0)");
        }
      }
    }

    @Override
    public List<Double> of(Dataset train) {
      requireClasses(train);
      if (weights.size() != train.classes().size()) {
        throw new InputFault(
            "class-weights: %s (expected: %s, one for each of %s)"
                .formatted(weights.size(), train.classes().size(), train.classes()));
      }
      return weights;
    }
  }

  private static void requireClasses(Dataset train) {
    if (train.task() == TaskType.REGRESSION) {
      throw new InputFault(
          "class-weights: given (expected: absent, as a regression has no classes)");
    }
  }

  /** The weights of data, where any are asked for. */
  static List<Double> of(Optional<ClassWeights> asked, Dataset train) {
    return asked.map(weights -> weights.of(train)).orElse(List.of());
  }
}
