package org.distill4j.step;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.distill4j.distill.TrainedModel;

/**
 * What a training found.
 *
 * @param keptEpoch whose weights were kept, from 1
 * @param speed null where every epoch was there from before
 * @param zeros null where no weights were masked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingResult(int keptEpoch, Speed speed, Zeros zeros) implements StepResult {
  /** The stage of preparing batches in which a live teacher answers. */
  private static final String ASKING = "teacher";

  /**
   * How fast it was.
   *
   * @param imagesPerSecond examples learned from
   * @param steps seconds of all steps
   * @param waited seconds in which a step waited for its batch
   * @param preparing seconds of each stage of preparing batches, by its name
   */
  public record Speed(
      double imagesPerSecond, double steps, double waited, Map<String, Double> preparing) {
    /** The stage that took longest to prepare batches. */
    public Optional<String> slowest() {
      return preparing.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    /** Seconds in which a live teacher answered; empty where none was asked. */
    public Optional<Double> asked() {
      return Optional.ofNullable(preparing.get(ASKING));
    }
  }

  /**
   * What masks brought.
   *
   * @param share of the masked weights that is 0
   * @param gzipBefore bytes of the dense model's file, compressed
   * @param gzip bytes of the sparse one's
   */
  record Zeros(double share, long gzipBefore, long gzip) {}

  static TrainingResult of(TrainedModel trained) {
    Speed speed =
        trained.speeds().isEmpty()
            ? null
            : new Speed(
                trained.examplesPerSecond(),
                trained.seconds(),
                trained.waited(),
                new LinkedHashMap<>(trained.preparing()));
    return new TrainingResult(trained.kept(), speed, null);
  }

  TrainingResult masked(Zeros found) {
    return new TrainingResult(keptEpoch, speed, found);
  }

  @Override
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("kept_epoch", (double) keptEpoch);
    if (speed != null) {
      figures.put("images_per_s", speed.imagesPerSecond);
      figures.put("steps_seconds", speed.steps);
      figures.put("waited_seconds", speed.waited);
      speed.preparing.forEach(
          (stage, seconds) -> figures.put("preparing_" + stage + "_seconds", seconds));
    }
    if (zeros != null) {
      figures.put("zeros", zeros.share);
      figures.put("gzip_bytes_before", (double) zeros.gzipBefore);
      figures.put("gzip_bytes", (double) zeros.gzip);
    }
    return figures;
  }
}
