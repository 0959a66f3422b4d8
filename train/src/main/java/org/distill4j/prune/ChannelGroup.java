package org.distill4j.prune;

import java.util.List;

/**
 * A group of coupled channels that a model can lose, one as well as another: every one of them runs
 * through the same layers.
 *
 * @param name the first layer that makes them
 * @param channels how many there are
 * @param layers every layer that makes them, by node name: where there are several, a channel goes
 *     from all of them at once
 * @param ties the nodes that tie these layers together, such as the Add of a residual block
 */
public record ChannelGroup(String name, int channels, List<String> layers, List<String> ties) {
  private static final int SHOWN = 3;

  /** Takes copies. */
  public ChannelGroup {
    layers = List.copyOf(layers);
    ties = List.copyOf(ties);
  }

  /**
   * One line for people: {@code conv1: 16 channels, with b1.conv2 and 2 more, tied by Add 'add'}.
   */
  public String summary() {
    return name
        + ": "
        + channels
        + (channels == 1 ? " channel" : " channels")
        + (layers.size() > 1 ? ", with " + some(layers.subList(1, layers.size())) : "")
        + (ties.isEmpty() ? "" : ", tied by " + some(ties));
  }

  private static String some(List<String> names) {
    String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    return names.size() > SHOWN ? shown + " and " + (names.size() - SHOWN) + " more" : shown;
  }
}
