package org.distill4j.data;

import java.util.List;
import java.util.stream.Stream;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.TaskType;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.Shape;

/**
 * The training, validation and test split of data; all three have one shape and the same classes.
 */
public record Splits(TrainSet train, ValidationSet validation, TestSet test) {
  /** Checks that the parts belong together. */
  public Splits {
    requireAlike(train, validation);
    requireAlike(train, test);
  }

  /** The three parts, given as they are. */
  public static Splits of(Dataset train, Dataset validation, Dataset test) {
    return new Splits(new TrainSet(train), new ValidationSet(validation), new TestSet(test));
  }

  /**
   * Parts one data set at random: no example is in two parts, every example is in one, and the same
   * seed parts it the same way.
   *
   * @param validation the share for validation, 0 &lt; share; both shares rounded to whole
   *     examples, at least one
   * @param test the share for the test, 0 &lt; share
   * @param seed chooses which examples go where
   * @throws InputFault if a part would be empty
   */
  public static Splits of(Dataset all, double validation, double test, long seed) {
    long n = all.size();
    long validations = share("validation", validation, n);
    long tests = share("test", test, n);
    long trains = n - validations - tests;
    if (trains < 1) {
      throw new InputFault(
          "data '%s': %s for validation and %s for the test of %s (expected: one left to train on)"
              .formatted(all.name(), validations, tests, n));
    }
    return of(
        Subset.shuffled(all, seed, 0, trains),
        Subset.shuffled(all, seed, trains, trains + validations),
        Subset.shuffled(all, seed, trains + validations, n));
  }

  /** The same with how a net is to be trained on the training examples. */
  public Splits arranged(long shuffleBlock, List<Double> classWeights) {
    return of(
        new SampledDataset(train.data(), shuffleBlock, classWeights),
        validation.data(),
        test.data());
  }

  /** {@link #classes(List)} as a model names them, or numbers them where it answers with more. */
  public Splits classes(Graph model) {
    return classes(RenumberedDataset.names(model, classes()));
  }

  /**
   * The same with the classes numbered as a model numbers them, which may know more of them.
   *
   * @param names the model's classes in its order; data with a class that is none of them, or whose
   *     task is not a single label, stay as they are
   */
  public Splits classes(List<String> names) {
    return of(
        RenumberedDataset.of(train.data(), names),
        RenumberedDataset.of(validation.data(), names),
        RenumberedDataset.of(test.data(), names));
  }

  /** The same, of whose files more is said. */
  public Splits noted(List<String> notes) {
    return notes.isEmpty()
        ? this
        : of(new NotedDataset(train.data(), notes), validation.data(), test.data());
  }

  /** The shape of one example, the same in all parts. */
  public Shape shape() {
    return train.data().shape();
  }

  /** The class names, the same in all parts. */
  public List<String> classes() {
    return train.data().classes();
  }

  /** What is asked about an example, the same in all parts. */
  public TaskType task() {
    return train.data().task();
  }

  /** What reading the three parts made of their files, each sentence once. */
  public List<String> notes() {
    return Stream.of(train.data(), validation.data(), test.data())
        .flatMap(part -> part.notes().stream())
        .distinct()
        .toList();
  }

  /** The digest of all three parts: 64 hex digits. */
  public String sha256() {
    return Sha256.ofTexts(train.data().sha256(), validation.data().sha256(), test.data().sha256());
  }

  private static long share(String name, double share, long n) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(name + ": " + share + " (expected: 0 < share < 1)");
    }
    return Math.max(1, Math.round(share * n));
  }

  private static void requireAlike(Split a, Split b) {
    if (!a.data().shape().equals(b.data().shape())
        || !a.data().classes().equals(b.data().classes())
        || a.data().task() != b.data().task()) {
      throw new InputFault(
          "data '%s': %s %s %s differs from %s %s %s (expected: one shape, the same classes)"
              .formatted(
                  a.data().name(),
                  a.purpose(),
                  a.data().shape(),
                  a.data().classes(),
                  b.purpose(),
                  b.data().shape(),
                  b.data().classes()));
    }
  }
}
