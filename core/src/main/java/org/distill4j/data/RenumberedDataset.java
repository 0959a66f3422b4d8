package org.distill4j.data;

import java.nio.FloatBuffer;
import java.util.List;
import org.distill4j.graph.TaskType;
import org.distill4j.storage.Sha256;

/**
 * A data set whose classes are numbered as a model numbers them: a class keeps its name, and the
 * model may know more classes than the data have examples of.
 */
final class RenumberedDataset extends DerivedDataset {
  private final List<String> classes;
  private final int[] numbers;
  private final String sha256;

  private RenumberedDataset(Dataset all, List<String> classes) {
    super(all);
    this.classes = List.copyOf(classes);
    this.numbers = all.classes().stream().mapToInt(classes::indexOf).toArray();
    this.sha256 = Sha256.ofTexts(all.sha256(), "classes", String.join("\n", classes));
  }

  /**
   * Numbers the classes of data anew.
   *
   * @param classes a model's, in its order
   * @return the data themselves where they have these classes in this order, have another that the
   *     model does not know, or do not have one label each
   */
  static Dataset of(Dataset all, List<String> classes) {
    return all.task() != TaskType.SINGLE_LABEL
            || all.classes().equals(classes)
            || !classes.containsAll(all.classes())
        ? all
        : new RenumberedDataset(all, classes);
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(long index) {
    return numbers[all().label(index)];
  }

  @Override
  public void targets(long index, FloatBuffer target) {
    int label = label(index);
    for (int c = 0; c < classes.size(); c++) {
      target.put(c == label ? 1 : 0);
    }
  }

  @Override
  public String sha256() {
    return sha256;
  }
}
