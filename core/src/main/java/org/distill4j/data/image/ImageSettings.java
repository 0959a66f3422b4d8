package org.distill4j.data.image;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.distill4j.data.ModelDataCheck;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.images.Pixels;
import org.distill4j.images.ResizeMode;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;
import org.distill4j.tensor.Shape;

/**
 * The settings {@code data.images}: how the images of a folder, or of a TFRecord file, are read.
 *
 * @param size height and width that all are brought to; absent: the commonest
 * @param channels 1 for grey, 3 for red, green and blue; absent: 3 if one has colour
 * @param fit how an image of another size is brought to it
 * @param unreadable how many images may be unreadable: they are skipped and named; more are a fault
 */
@Describe("how images are read")
@DigestedAs("ImageSettings[size, channels, fit, unreadable]")
public record ImageSettings(
    @Describe("[height, width] that all are brought to; if absent, the commonest")
        Optional<List<Integer>> size,
    @Describe("1 for grey, 3 for colour; if absent, 3 if one image has colour")
        Optional<Integer> channels,
    @Default("stretch") @Describe("how an image of another size is brought to it") ResizeMode fit,
    @Default("10") @Describe("unreadable images that are skipped and named, >= 0; more are a fault")
        int unreadable) {
  /** Takes a copy and checks the bounds. */
  public ImageSettings {
    size = size.map(List::copyOf);
    if (size.isPresent()
        && (size.get().size() != 2 || size.get().stream().anyMatch(extent -> extent < 1))) {
      throw new IllegalArgumentException(
          "size: " + size.get() + " (expected: height and width, each >= 1)");
    }
    if (size.isPresent() && (double) size.get().get(0) * size.get().get(1) > Pixels.MOST) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "size: %s (expected: at most %,d pixels)", size.get(), Pixels.MOST));
    }
    if (channels.isPresent() && channels.get() != 1 && channels.get() != 3) {
      throw new IllegalArgumentException("channels: " + channels.get() + " (expected: 1 or 3)");
    }
    if (unreadable < 0) {
      throw new IllegalArgumentException("unreadable: " + unreadable + " (expected: >= 0)");
    }
  }

  /** What is taken where nothing is said. */
  public static ImageSettings defaults() {
    return new ImageSettings(Optional.empty(), Optional.empty(), ResizeMode.STRETCH, 10);
  }

  /**
   * The same as a model takes images: of its size and channels where these are left open, and
   * fitted as it was trained.
   */
  public ImageSettings suiting(Graph model) {
    Optional<Shape> taken =
        ModelDataCheck.example(model)
            .filter(shape -> shape.rank() == 3 && (shape.size(0) == 1 || shape.size(0) == 3));
    return new ImageSettings(
        size.or(() -> taken.map(shape -> List.of((int) shape.size(1), (int) shape.size(2)))),
        channels.or(() -> taken.map(shape -> (int) shape.size(0))),
        Metadata.fit(model).orElse(fit),
        unreadable);
  }

  /** The same with the size and channels that suit all images, where these are left open. */
  public ImageSettings completed(ImageSizes sizes) {
    return new ImageSettings(
        Optional.of(size.orElseGet(sizes::commonest)),
        Optional.of(channels.orElseGet(sizes::channels)),
        fit,
        unreadable);
  }
}
