package org.distill4j.data.image;

import org.distill4j.data.Dataset;
import org.distill4j.data.DerivedDataset;
import org.distill4j.images.ResizeMode;

/** Images that say how those of another size were brought to theirs. */
final class FittedImages extends DerivedDataset {
  private final ResizeMode fit;

  private FittedImages(Dataset images, ResizeMode fit) {
    super(images);
    this.fit = fit;
  }

  /** The same images, which say it where it is not the usual way. */
  static Dataset of(Dataset images, ResizeMode fit) {
    return images.fit() == fit ? images : new FittedImages(images, fit);
  }

  @Override
  public ResizeMode fit() {
    return fit;
  }
}
