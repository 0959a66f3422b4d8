package org.distill4j.quantize;

import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.ptq.Repair;

/**
 * The repair ladder, the order in which models of integers are tried until one is within the limit:
 * first as it is; then with one repair more at a time, which stays if it lost less; then, where
 * there is a teacher and time, trained on while it rounds, which is the last of the repairs. What
 * is still not within the limit gets its first layer float; then as few as possible of the layers
 * float that suffer most.
 */
public final class RepairLadder {
  /** Makes and measures models. */
  public interface Trier {
    /**
     * Tries a rung.
     *
     * @return how much validation accuracy it lost, as a share of 1; where classes are uneven, how
     *     much of what suits them; infinite where no model could be made, or none that is of use
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
  public RepairLadder(
      Trier trier, double maxDrop, BooleanSupplier hasTime, ProgressListener listener) {
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
      trier.trained(rung).ifPresent(drop -> heard(rung, drop));
    }
    List<String> layers = isShort() ? trier.layers(base) : List.of();
    if (layers.size() > 1) {
      attempt(new Rung("int8-first-layer-float", base, Set.of(layers.get(0))));
      fallBack();
    }
  }

  /**
   * Finds how few of the layers that suffer most have to stay float, by bisection: keeping more of
   * them float loses no more.
   */
  private void fallBack() {
    if (!isShort()) {
      return;
    }
    List<String> suffering = trier.bySensitivity(base);
    int tooFew = 0;
    int enough = suffering.size(); // all of them float is the float model
    while (enough - tooFew > 1 && hasTime.getAsBoolean()) {
      int middle = (tooFew + enough) / 2;
      Set<String> keepFloat = Set.copyOf(suffering.subList(0, middle));
      Rung rung = new Rung("int8-" + middle + "-float", base, keepFloat);
      if (heard(rung, trier.drop(rung)) <= maxDrop) {
        enough = middle;
      } else {
        tooFew = middle;
      }
    }
  }

  /** Returns whether less was lost than on any rung before. */
  private boolean attempt(Rung rung) {
    double before = least;
    return heard(rung, trier.drop(rung)) < before;
  }

  private double heard(Rung rung, double drop) {
    if (drop >= least && drop > maxDrop && Double.isFinite(drop)) {
      listener.note(rung.name() + ": gained nothing");
    }
    least = Math.min(least, drop);
    return drop;
  }

  private boolean isShort() {
    return least > maxDrop && hasTime.getAsBoolean();
  }
}
