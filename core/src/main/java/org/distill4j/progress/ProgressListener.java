package org.distill4j.progress;

import java.util.Map;

/**
 * A listener of progress: hears how far a long step has come. Called from one thread, as often as
 * once per batch: whoever draws decides how often to draw.
 */
public interface ProgressListener {
  /** Hears nothing. */
  ProgressListener NONE =
      new ProgressListener() {
        @Override
        public void begin(String step, long total, String unit) {}

        @Override
        public void advance(long done, Map<String, Double> measures) {}

        @Override
        public void end(String summary) {}
      };

  /**
   * A step begins.
   *
   * @param step such as {@code labelling} or {@code student}
   * @param total how many units it will take
   * @param unit what is counted, such as {@code images}
   */
  void begin(String step, long total, String unit);

  /**
   * The step has come this far.
   *
   * @param done units done, at most the total
   * @param measures the latest of what is measured on the way, such as {@code loss} and {@code
   *     accuracy}, in the order to show
   */
  void advance(long done, Map<String, Double> measures);

  /** One pass over the training data is done; only steps that train call it. */
  default void epoch(Epoch epoch) {}

  /** The step is done, or was given up; the summary is one line. */
  void end(String summary);

  /** One line that people should know, said between steps. */
  default void note(String line) {}

  /** A listener that tells both: this one first, then the other. */
  default ProgressListener and(ProgressListener other) {
    ProgressListener first = this;
    return new ProgressListener() {
      @Override
      public void begin(String step, long total, String unit) {
        first.begin(step, total, unit);
        other.begin(step, total, unit);
      }

      @Override
      public void advance(long done, Map<String, Double> measures) {
        first.advance(done, measures);
        other.advance(done, measures);
      }

      @Override
      public void epoch(Epoch epoch) {
        first.epoch(epoch);
        other.epoch(epoch);
      }

      @Override
      public void note(String line) {
        first.note(line);
        other.note(line);
      }

      @Override
      public void end(String summary) {
        first.end(summary);
        other.end(summary);
      }
    };
  }
}
