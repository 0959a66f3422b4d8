package org.distill4j.data.source;

import java.util.List;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.tensor.Shape;

/** The classes that a model knows, as data name them. */
final class ModelClasses {
  private ModelClasses() {}

  /**
   * The names that the model has for them; of a model without names the numbers from 0, where the
   * data's classes are such numbers and the model answers with more of them.
   *
   * @param data the data's classes, given back where the model says nothing
   */
  static List<String> of(Graph model, List<String> data) {
    return Metadata.classes(model)
        .orElseGet(
            () -> {
              Shape shape = model.outputs().get(0).shape();
              boolean known = shape.rank() > 0 && shape.dim(shape.rank() - 1).isKnown();
              long count = known ? shape.size(shape.rank() - 1) : 0;
              return count > data.size() && data.equals(IdxDataset.numbers(data.size()))
                  ? IdxDataset.numbers((int) count)
                  : data;
            });
  }
}
