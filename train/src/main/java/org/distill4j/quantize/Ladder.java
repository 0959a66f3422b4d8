package org.distill4j.quantize;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.distill4j.progress.ProgressListener;

/**
 * The order in which models of integers are tried until one is within the limit: first as it is;
 * then with one repair more at a time, which stays if it lost less; then, where there is a teacher
 * and time, trained on while it rounds, which is the last of the repairs. What is still not within
 * the limit gets its first layer float; then the layers float that suffer most, one more at a time.
 */
public final class Ladder {
  /** Makes and measures models. */
  public interface Trier {
    /**
     * Tries a rung.
     *
     * @return how much validation accuracy it lost, as a share of 1
     */
    double drop(Rung rung);

    /**
     * Whether a repair changes something in this model.
     *
     * @param rung of which it is the newest repair
     */
    boolean changes(Repair repair, Rung rung);

    /** The layers that can work on integers once repaired, in the graph's order. */
    List<String> layers(Set<Repair> repairs);

    /** The same, those first that cost most when they alone are integers. */
    List<String> bySensitivity(Set<Repair> repairs);

    /**
     * Trains the model of a rung on while it rounds as its integers will.
     *
     * @param rung repaired as lost least so far
     * @return how much validation accuracy what was trained lost, as a share of 1; empty where
     *     nothing is trained: there is nobody to teach it, or no time for it
     */
    default OptionalDouble trained(Rung rung) {
      return OptionalDouble.empty();
    }
  }

  /**
   * One model to try.
   *
   * @param name such as {@code int8-split}
   * @param repairs all that is done
   * @param keepFloat names of the layers that stay float
   */
  public record Rung(String name, Set<Repair> repairs, Set<String> keepFloat) {
    /** Takes copies. */
    public Rung {
      repairs = Set.copyOf(repairs);
      keepFloat = Set.copyOf(keepFloat);
    }
  }

  private final Trier trier;
  private final double maxDrop;
  private final BooleanSupplier hasTime;
  private final ProgressListener listener;
  private Set<Repair> base = EnumSet.noneOf(Repair.class);
  private double least = Double.POSITIVE_INFINITY;

  /**
   * A ladder.
   *
   * @param maxDrop what is within the limit, as a share of 1
   * @param hasTime whether a further rung may be begun
   * @param listener hears what brought nothing
   */
  public Ladder(Trier trier, double maxDrop, BooleanSupplier hasTime, ProgressListener listener) {
    this.trier = trier;
    this.maxDrop = maxDrop;
    this.hasTime = hasTime;
    this.listener = listener;
  }

  /**
   * Tries rungs until one is within the limit, the time is up, or there are no more.
   *
   * @param first what is done on the first rung already
   */
  public void climb(Set<Repair> first) {
    base.addAll(first);
    attempt(new Rung("int8", base, Set.of()));
    for (Repair repair : Repair.values()) {
      if (isShort() && !base.contains(repair)) {
        Set<Repair> more = EnumSet.of(repair);
        more.addAll(base);
        Rung rung = new Rung("int8-" + repair.done(), more, Set.of());
        if (!trier.changes(repair, rung)) {
          listener.note(rung.name() + ": nothing to change in this model");
        } else if (attempt(rung)) {
          base = more;
        }
      }
    }
    if (isShort()) {
      Rung rung = new Rung("int8-trained", base, Set.of());
      trier.trained(rung).ifPresent(drop -> isGain(rung, drop));
    }
    List<String> layers = isShort() ? trier.layers(base) : List.of();
    if (layers.size() > 1) {
      attempt(new Rung("int8-first-layer-float", base, Set.of(layers.get(0))));
      fallBack();
    }
  }

  private void fallBack() {
    if (!isShort()) {
      return;
    }
    List<String> suffering = trier.bySensitivity(base);
    Set<String> keepFloat = new HashSet<>();
    for (int i = 0; i < suffering.size() - 1 && isShort(); i++) {
      keepFloat.add(suffering.get(i));
      attempt(new Rung("int8-" + (i + 1) + "-float", base, keepFloat));
    }
  }

  /** Returns whether less was lost than on any rung before. */
  private boolean attempt(Rung rung) {
    return isGain(rung, trier.drop(rung));
  }

  private boolean isGain(Rung rung, double drop) {
    boolean gained = drop < least;
    if (!gained) {
      listener.note(rung.name() + ": gained nothing");
    }
    least = Math.min(least, drop);
    return gained;
  }

  private boolean isShort() {
    return least > maxDrop && hasTime.getAsBoolean();
  }
}
