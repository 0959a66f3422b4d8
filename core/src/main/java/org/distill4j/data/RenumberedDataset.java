package org.distill4j.data;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.TaskType;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.Shape;

/**
 * A data set whose classes are numbered as a model numbers them: a class keeps its name, and the
 * model may know more classes than the data have examples of. Classes that are numbers from 0 are
 * places among the model's, if none of the model's names is a number.
 */
final class RenumberedDataset extends DerivedDataset {
  private final List<String> classes;
  private final int[] numbers;
  private final String sha256;

  private RenumberedDataset(Dataset all, List<String> classes, int[] numbers) {
    super(all);
    this.classes = List.copyOf(classes);
    this.numbers = numbers;
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
    List<String> named = all.classes();
    if (all.task() != TaskType.SINGLE_LABEL || named.equals(classes)) {
      return all;
    }
    if (classes.containsAll(named)) {
      int[] numbers = named.stream().mapToInt(classes::indexOf).toArray();
      return new RenumberedDataset(all, classes, numbers);
    }
    int[] places = IntStream.range(0, named.size()).toArray();
    boolean arePlaces =
        named.size() <= classes.size()
            && named.equals(numbers(named.size()))
            && classes.stream().noneMatch(name -> name.matches("[-+]?[0-9]+(\\.[0-9]*)?"));
    return arePlaces ? new RenumberedDataset(all, classes, places) : all;
  }

  /**
   * The names that a model has for its classes; of a model without names the numbers from 0, where
   * the data's classes are 0 and others of them, and the model answers with more. Without a 0 they
   * may be counted from 1.
   *
   * @param data the data's classes, given back where the model says nothing
   */
  static List<String> names(Graph model, List<String> data) {
    Shape shape = model.outputs().get(0).shape();
    boolean known = shape.isRanked() && shape.rank() > 0 && shape.dim(shape.rank() - 1).isKnown();
    long count = known ? shape.size(shape.rank() - 1) : 0;
    boolean some = count > data.size() && data.contains("0");
    return Metadata.classes(model)
        .orElseGet(
            () -> some && Set.copyOf(numbers(count)).containsAll(data) ? numbers(count) : data);
  }

  private static List<String> numbers(long count) {
    return LongStream.range(0, count).mapToObj(Long::toString).toList();
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
