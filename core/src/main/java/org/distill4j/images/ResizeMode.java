package org.distill4j.images;

/** The way in which an image is resized: stretched or cropped. */
public enum ResizeMode {
  /** All of it, each side by its own factor. */
  STRETCH,
  /** Its middle, as much of it as has the wanted proportions. */
  CROP
}
