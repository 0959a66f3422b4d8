package org.distill4j.prune;

/** Which channels stay. */
interface Kept {
  /** Whether a channel stays. */
  boolean has(int channel);

  /** How many of the places from one to before another hold channels that stay. */
  default int count(int[] channels, int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += has(channels[i]) ? 1 : 0;
    }
    return count;
  }

  /** How many places hold channels that stay. */
  default int count(int[] channels) {
    return count(channels, 0, channels.length);
  }
}
