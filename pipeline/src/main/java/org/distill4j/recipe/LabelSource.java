package org.distill4j.recipe;

import org.distill4j.data.Dataset;
import org.distill4j.graph.TaskType;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.Shorthand;
import org.distill4j.tensor.DType;

/** The source of soft labels: cached ahead of training, or asked of the teacher online. */
@Describe("when the teacher is asked: ahead about the examples or about views, or in each step")
public sealed interface LabelSource {
  /**
   * Once about every example as it is.
   *
   * @param format how the logits are kept
   * @param evenAugmented whether an augmented student may learn from them: what it sees is then not
   *     what the teacher was asked about
   */
  @Shorthand
  @Describe("ahead, once, about every example as it is")
  record Cached(
      @Default("float16") @Describe("how the logits are kept") LabelFormat format,
      @Default("false") @Describe("true: meant for an augmented student, whose views are others")
          boolean evenAugmented)
      implements LabelSource {}

  /**
   * Ahead about each of so many views of every example; the student sees them by turns, one in each
   * pass.
   *
   * @param count how many, at least 1
   * @param format how the logits are kept
   */
  @Shorthand(alone = false)
  @Describe("ahead about each of so many seeded views of every example; one file each")
  record Views(
      @Describe("how many views, >= 1; the student sees them by turns, one in each pass") int count,
      @Default("float16") @Describe("how the logits are kept") LabelFormat format)
      implements LabelSource {
    /** Checks the bounds. */
    public Views {
      if (count < 1) {
        throw new IllegalArgumentException("count: " + count + " (expected: >= 1)");
      }
    }
  }

  /** In each step about the very input that the student sees; nothing is kept on disk. */
  @Describe("in each step, about the very input that the student sees; nothing is kept")
  record Online() implements LabelSource {}

  /** The default: once, in float16. */
  static LabelSource cached() {
    return new Cached(LabelFormat.FLOAT16, false);
  }

  /** How many files of labels a run makes. */
  default int files() {
    return this instanceof Views views ? views.count() : this instanceof Cached ? 1 : 0;
  }

  /** How logits are kept: as asked for, but numbers of any size as the teacher gives them. */
  default DType type(TaskType task) {
    LabelFormat format =
        this instanceof Cached cached
            ? cached.format()
            : this instanceof Views views ? views.format() : LabelFormat.FLOAT32;
    return task == TaskType.REGRESSION ? DType.FLOAT32 : format.type();
  }

  /** How many bytes the answers to all examples take in all files. */
  default long bytes(Dataset asked) {
    return Math.multiplyExact(
        files() * asked.size(), (long) asked.classes().size() * type(asked.task()).bytes());
  }

  /**
   * Checks that what the student sees is what the teacher is asked about.
   *
   * @throws IllegalArgumentException if it is not, and is not said to be meant
   */
  default void check(org.distill4j.views.Views seen) {
    if (this instanceof Views && seen.isPlain()) {
      throw new IllegalArgumentException(
          "distill.labels, student.augment: views, nothing (expected: steps in student.augment, or cached labels)");
    }
    if (this instanceof Cached cached && !seen.isPlain()) {
      if (seen.mixes()) {
        throw new IllegalArgumentException(
            "distill.labels, student.augment: cached, mixup (expected: views or online, as the label of a plain example is not that of a mixture)");
      } else if (!cached.evenAugmented()) {
        throw new IllegalArgumentException(
            "distill.labels, student.augment: cached, augmented (expected: views or online, so that the teacher sees what the student sees; or labels: {cached: {even-augmented: true}} if it is meant)");
      }
    }
  }
}
