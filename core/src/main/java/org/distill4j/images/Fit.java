package org.distill4j.images;

/** How an image of another size is brought to the one that is wanted. */
public enum Fit {
  /** All of it, each side by its own factor. */
  STRETCH,
  /** Its middle, as much of it as has the wanted proportions. */
  CROP
}
