package org.distill4j.views;

import java.nio.FloatBuffer;
import org.distill4j.data.Dataset;
import org.distill4j.data.Examples;
import org.distill4j.data.Preprocessed;
import org.distill4j.graph.Preprocessing;

/**
 * An augmented data set: its examples in one view, as a model takes them. Read by one thread at a
 * time.
 */
public final class ViewDataset implements Examples {
  private final Preprocessed examples;
  private final ViewReader viewer;
  private final long view;

  /**
   * One view of a data set.
   *
   * @param view from 0
   * @throws org.distill4j.fault.InputFault if the examples cannot be varied so
   */
  public ViewDataset(Preprocessed examples, Views views, long view) {
    this.examples = examples;
    this.viewer = new ViewReader(views, examples.data());
    this.view = view;
  }

  @Override
  public Dataset data() {
    return examples.data();
  }

  @Override
  public Preprocessing preprocessing() {
    return examples.preprocessing();
  }

  @Override
  public void read(long index, FloatBuffer target) {
    viewer.look(view, index);
    viewer.write(examples, target);
  }
}
