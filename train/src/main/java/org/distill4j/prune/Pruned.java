package org.distill4j.prune;

import java.util.List;
import java.util.Locale;
import org.distill4j.graph.Graph;

/**
 * A pruned model, before it is trained again.
 *
 * @param model what is left
 * @param ratio the share of channels that was asked for, 0 to 1
 * @param groups what became of each group
 * @param before how big it was
 * @param after how big it is
 * @param notes what else there is to know, one line each
 */
public record Pruned(
    Graph model, double ratio, List<Width> groups, Size before, Size after, List<String> notes) {
  /** Takes copies. */
  public Pruned {
    groups = List.copyOf(groups);
    notes = List.copyOf(notes);
  }

  /**
   * What became of one group.
   *
   * @param group which one
   * @param stay how many of its channels stay, at least 1
   */
  public record Width(ChannelGroup group, int stay) {
    /** As in a report: {@code conv1 16 -> 9}. */
    public String summary() {
      return group.name() + " " + group.channels() + " -> " + stay;
    }
  }

  /** One line for people. */
  public String summary() {
    return String.format(
        Locale.ROOT,
        "%,d of %,d multiply-adds (%.1f %%), %,d of %,d parameters (%.1f %%) stay",
        after.macs(),
        before.macs(),
        100.0 * after.macs() / before.macs(),
        after.parameters(),
        before.parameters(),
        100.0 * after.parameters() / before.parameters());
  }
}
