package org.distill4j.views;

import org.distill4j.fault.InputFault;
import org.distill4j.settings.Describe;
import org.distill4j.tensor.Shape;

/**
 * An augmentation step: one way to vary an example. What is drawn for it is a function of (seed,
 * view, index, its place among the steps), so a view can be seen again at any time and in any
 * process.
 *
 * <p>Examples are varied as raw values, before any preprocessing: a teacher and a student that
 * preprocess differently see the same view.
 */
@Describe("one way to vary an example; drawn from (seed, view, index)")
public sealed interface Augmentation permits Shift, Crop, Flip, Rotate, Erase, Noise, Mixup {
  /**
   * Varies an example in place.
   *
   * @param canvas the example
   * @param draws what chance gives this step for this example in this view
   */
  void apply(AugmentationBuffer canvas, RandomStream draws);

  /** In words for people. */
  String says();

  /** Whether it is only for images, {@code [channels, height, width]}. */
  default boolean needsImage() {
    return true;
  }

  /**
   * Checks that examples of a shape can be varied so.
   *
   * @throws InputFault if they are no images and images are needed
   */
  default void check(String data, Shape example) {
    if (needsImage() && example.rank() != 3) {
      throw new InputFault(
          "augment: %s of examples %s of data '%s' (expected: images [channels, height, width]); noise and mixup vary any example"
              .formatted(
                  getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT), example, data));
    }
  }
}
