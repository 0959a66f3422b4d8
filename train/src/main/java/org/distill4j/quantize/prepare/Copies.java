package org.distill4j.quantize.prepare;

import java.util.Arrays;

/**
 * Into how many parts each channel is split, and what becomes of the channels: the first part of
 * each stays where it was, the others follow behind all of them.
 */
final class Copies {
  private static final double OUTLIER = 3; // times the median magnitude
  private static final double CALM = 1.5; // what a part may reach, in the same unit
  private static final double MOST = .25; // new channels for each old one
  private static final double WIDER = 1.1;

  private final int[] parts;
  private final int[] source;
  private final int[] part;

  private Copies(int[] parts, int[] source, int[] part) {
    this.parts = parts;
    this.source = source;
    this.part = part;
  }

  /**
   * Chooses by magnitudes: a channel of more than three times the median is split until its parts
   * reach one and a half medians at most, or more where that would add over a quarter to the
   * channels.
   */
  static Copies of(double[] magnitudes) {
    double[] sorted = Arrays.stream(magnitudes).filter(m -> m > 0).sorted().toArray();
    int[] parts = new int[magnitudes.length];
    Arrays.fill(parts, 1);
    if (sorted.length > 0) {
      double median = sorted[sorted.length / 2];
      int most = Math.max(1, (int) (MOST * magnitudes.length));
      double limit = CALM * median;
      while (true) {
        int added = 0;
        for (int c = 0; c < parts.length; c++) {
          boolean isOutlier = magnitudes[c] > OUTLIER * median;
          parts[c] = isOutlier ? (int) Math.max(1, Math.ceil(magnitudes[c] / limit)) : 1;
          added += parts[c] - 1;
        }
        if (added <= most) {
          break;
        }
        limit *= WIDER;
      }
    }
    return of(parts);
  }

  private static Copies of(int... parts) {
    int total = Arrays.stream(parts).sum();
    int[] source = new int[total];
    int[] part = new int[total];
    int at = parts.length;
    for (int c = 0; c < parts.length; c++) {
      source[c] = c;
      for (int p = 1; p < parts[c]; p++, at++) {
        source[at] = c;
        part[at] = p;
      }
    }
    return new Copies(parts, source, part);
  }

  /** Whether no channel is split. */
  boolean isNone() {
    return source.length == parts.length;
  }

  /** How many parts each channel is split into, at least 1. */
  int[] parts() {
    return parts;
  }

  /** The old channel of each new one. */
  int[] source() {
    return source;
  }

  /** Which part of it each new one is, from 0. */
  int[] part() {
    return part;
  }
}
