package org.distill4j.prune;

/**
 * Which channel stands at each place along one axis of a value. A channel is a number that {@link
 * ChannelTies} gave out; behind a Flatten one channel stands at many places.
 */
final class Channels {
  private final int axis;
  private final int[] at;

  Channels(int axis, int[] at) {
    this.axis = axis;
    this.at = at;
  }

  /** The axis that counts channels. */
  int axis() {
    return axis;
  }

  /** The channel at each place of that axis; not to be changed. */
  int[] at() {
    return at;
  }

  /** How many places there are. */
  int size() {
    return at.length;
  }

  /** The same channels along another axis. */
  Channels along(int other) {
    return new Channels(other, at);
  }
}
