package org.distill4j.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.distill4j.graph.Graph;
import org.distill4j.prune.Allocation;
import org.distill4j.prune.ChannelGroup;
import org.distill4j.prune.ChannelGroups;
import org.distill4j.prune.ChannelImportance;
import org.distill4j.prune.Gradients;
import org.distill4j.prune.ImportanceCriterion;
import org.distill4j.prune.Masks;
import org.distill4j.prune.Pruned;
import org.distill4j.prune.Pruner;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.PruneSettings;
import org.distill4j.recipe.Recipe;

/**
 * What pruning will do to a net, as far as it can be told before the net is trained: which channels
 * go together and why, which stay and why; and, where every group loses the same share, how many.
 *
 * @param lines for people
 */
public record PrunePreview(List<String> lines) {
  public PrunePreview {
    lines = List.copyOf(lines);
  }

  /**
   * Looks at a net.
   *
   * @param training how it will be trained on
   * @throws org.distill4j.fault.InputFault if no channel of it can go, a layer to keep is not
   *     there, or the target cannot be met
   */
  public static PrunePreview of(Graph net, Recipe recipe, String training) {
    PruneSettings settings = recipe.prune().orElseThrow();
    boolean heard = settings.teacher() && recipe.distill().objective().needsTeacher();
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %s; then %s, %s"
            .formatted(
                ModelNames.PRUNED,
                settings.says(),
                training,
                heard ? "by the teacher's soft labels too" : "by labels alone"));
    if (settings.sparsity().isPresent()) {
      Masks masks = new Masks(settings.sparsity().get(), settings.keep());
      lines.add("  masked: " + String.join(", ", masks.layers(net).keySet()));
      return new PrunePreview(lines);
    }
    ChannelGroups groups = ChannelGroups.of(net);
    ImportanceCriterion told = // of how many go, not of which
        settings.criterion() == ImportanceCriterion.BATCH_NORM
            ? ImportanceCriterion.BATCH_NORM
            : ImportanceCriterion.L1;
    Pruner pruner =
        Pruner.of(
            groups,
            ChannelImportance.of(groups, told, Gradients.NONE),
            settings.allocation(),
            settings.bounds());
    settings.target().ifPresent(pruner::require);
    boolean known =
        settings.allocation() == Allocation.UNIFORM
            && settings.target().flatMap(t -> t.latency()).isEmpty();
    Map<String, Integer> stay = Map.of();
    if (known) {
      Pruned pruned =
          settings.target().isPresent()
              ? pruner.to(settings.target().get())
              : pruner.by(settings.ratio().orElseThrow());
      lines.add("  " + pruned.summary());
      stay =
          pruned.groups().stream()
              .collect(Collectors.toMap(w -> w.group().name(), Pruned.Width::stay));
    }
    for (ChannelGroup group : groups.groups()) {
      Integer left = stay.get(group.name());
      lines.add("  " + group.summary() + (left == null ? "" : "; " + left + " stay"));
    }
    groups.untouched().forEach(line -> lines.add("  stays: " + line));
    return new PrunePreview(lines);
  }
}
