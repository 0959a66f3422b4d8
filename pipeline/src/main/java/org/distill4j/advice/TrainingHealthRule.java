package org.distill4j.advice;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.distill4j.progress.LayerHealth;

/**
 * The rule {@code training-health}: speaks where a layer does not learn at the end of a training,
 * as most of its units answer 0 to every example of a batch, hardly any gradient reaches it, or its
 * weights have run away.
 *
 * <p>A gradient has vanished where its root mean square is less than {@code 1e-7} of the weights':
 * at common rates such a layer stays as it is. Where hardly any loss is left there is hardly any
 * gradient either, and nothing is wrong.
 *
 * @param model what was trained
 * @param epochs what was seen of each layer, for each epoch that was looked at, in order
 * @param loss of the training examples in the last epoch
 */
public record TrainingHealthRule(String model, List<LayerHealth.OfEpoch> epochs, double loss)
    implements Advice.Entry {
  /** From here on down everything is learned. */
  private static final double LEARNED = 1e-3;

  private static final double DEAD = 0.5;
  private static final double VANISHED = 1e-7;
  private static final double RUNAWAY = 10;

  /** Takes a copy. */
  public TrainingHealthRule {
    epochs = List.copyOf(epochs);
  }

  @Override
  public RuleOfThumb rule() {
    return RuleOfThumb.TRAINING_HEALTH;
  }

  @Override
  public Optional<Advice> advice() {
    if (epochs.isEmpty()) {
      return Optional.empty();
    }
    LayerHealth.OfEpoch last = epochs.get(epochs.size() - 1);
    Map<String, LayerHealth> first = byName(epochs.get(0));
    Map<String, Object> measured = new LinkedHashMap<>();
    List<String> says = new ArrayList<>();
    for (LayerHealth layer : last.layers()) {
      fault(layer, first.get(layer.name()))
          .ifPresent(
              fault -> {
                measured.put(layer.name(), fault);
                says.add(layer.name() + ": " + fault + since(layer.name()));
              });
    }
    return says.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Advice(
                RuleOfThumb.TRAINING_HEALTH,
                measured,
                "%s: %s; lower the rate, or add a warm-up or norms"
                    .formatted(model, String.join("; ", says))));
  }

  private Optional<String> fault(LayerHealth layer, LayerHealth before) {
    if (layer.dead() >= DEAD) {
      return Optional.of(Advice.percent(layer.dead()) + " of its units are dead");
    }
    if (layer.gradient() < VANISHED * layer.weight() && loss >= LEARNED) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "its gradient has vanished (%.1e beside weights of %.1e)",
              layer.gradient(),
              layer.weight()));
    }
    if (before != null && layer.weight() > RUNAWAY * before.weight() && before.weight() > 0) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "its weights are %.0f times what they were",
              layer.weight() / before.weight()));
    }
    return Optional.empty();
  }

  /** From which epoch on without a break. */
  private String since(String name) {
    int since = epochs.get(epochs.size() - 1).epoch();
    Map<String, LayerHealth> first = byName(epochs.get(0));
    for (int i = epochs.size() - 1; i >= 0; i--) {
      LayerHealth layer = byName(epochs.get(i)).get(name);
      if (layer == null || fault(layer, first.get(name)).isEmpty()) {
        break;
      }
      since = epochs.get(i).epoch();
    }
    return " since epoch " + since;
  }

  private static Map<String, LayerHealth> byName(LayerHealth.OfEpoch epoch) {
    Map<String, LayerHealth> layers = new LinkedHashMap<>();
    epoch.layers().forEach(l -> layers.put(l.name(), l));
    return layers;
  }
}
