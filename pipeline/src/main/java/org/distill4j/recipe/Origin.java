package org.distill4j.recipe;

import java.nio.file.Path;
import java.util.Optional;
import org.distill4j.zoo.Net;

/** Where a model comes from: a known net or a file. */
final class Origin {
  private Origin() {}

  /**
   * Checks that exactly one is given.
   *
   * @throws IllegalArgumentException if none or both are
   */
  static void requireOne(Optional<Net> net, Optional<Path> file) {
    if (net.isPresent() == file.isPresent()) {
      throw new IllegalArgumentException(
          "net, file: %s given (expected: one of them)"
              .formatted(net.isPresent() ? "both" : "neither"));
    }
  }
}
