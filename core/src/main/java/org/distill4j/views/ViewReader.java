package org.distill4j.views;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;

/**
 * An augmenter of examples: shows one example in one view after the other. It has its own memory
 * and allocates nothing on the way; each thread has one of its own.
 */
public final class ViewReader {
  /** The place of mixup's own draws; those of the steps count from 0. */
  private static final int MIXTURE = -1;

  private final Views views;
  private final List<Augmentation> steps;
  private final int mixup; // its place among the steps, -1 for none
  private final Dataset data;
  private final long others;
  private final LongUnaryOperator other;
  private final RandomStream draws = new RandomStream();
  private final AugmentationBuffer canvas;
  private final AugmentationBuffer partnerCanvas;
  private long index = -1;
  private long partner;
  private double share;

  /** Shows a data set, whose examples are mixed with any other one of it. */
  public ViewReader(Views views, Dataset data) {
    this(views, data, data.size(), i -> i);
  }

  /**
   * Shows a data set.
   *
   * @param others how many examples may be mixed with
   * @param other which those are: the index of each from 0 to {@code others - 1}
   * @throws org.distill4j.fault.InputFault if the examples cannot be varied so
   */
  public ViewReader(Views views, Dataset data, long others, LongUnaryOperator other) {
    views.check(data);
    this.views = views;
    this.steps = views.steps();
    this.data = data;
    this.others = others;
    this.other = other;
    int at = -1;
    for (int i = 0; i < steps.size(); i++) {
      at = steps.get(i) instanceof Mixup ? i : at;
    }
    this.mixup = at;
    this.canvas = new AugmentationBuffer(data.shape(), data.preprocessing());
    this.partnerCanvas =
        mixup < 0 ? null : new AugmentationBuffer(data.shape(), data.preprocessing());
  }

  /**
   * Looks at one example.
   *
   * @param view as {@link Views#at} tells
   * @param example its index, from 0
   */
  public void look(long view, long example) {
    index = example;
    partner = example;
    share = 1;
    int before = mixup < 0 ? steps.size() : mixup;
    paint(canvas, view, example, before);
    if (mixup < 0) {
      return;
    }
    draws.restart(views.seed(), view, example, MIXTURE);
    share = draws.beta(((Mixup) steps.get(mixup)).alpha());
    partner = other.applyAsLong(draws.index(others));
    if (partner != example) {
      paint(partnerCanvas, view, partner, before);
      Mixup.mix(canvas, partnerCanvas, (float) share);
    }
    apply(canvas, view, example, mixup + 1, steps.size());
  }

  private void paint(AugmentationBuffer target, long view, long example, int before) {
    data.read(example, target.buffer());
    apply(target, view, example, 0, before);
  }

  private void apply(AugmentationBuffer target, long view, long example, int from, int to) {
    for (int i = from; i < to; i++) {
      draws.restart(views.seed(), view, example, i);
      steps.get(i).apply(target, draws);
    }
  }

  /** The example that was looked at. */
  public long index() {
    return index;
  }

  /** The example that it is mixed with; itself where nothing is mixed. */
  public long partner() {
    return partner;
  }

  /** How much of the mixture, and of its label, is the example's own; 1 where nothing is mixed. */
  public double share() {
    return share;
  }

  /**
   * Writes what was looked at as a model takes it.
   *
   * @param how of the same data
   * @param target takes the example from its position, which moves behind it
   */
  public void write(Preprocessed how, FloatBuffer target) {
    how.write(canvas.values(), target);
  }
}
