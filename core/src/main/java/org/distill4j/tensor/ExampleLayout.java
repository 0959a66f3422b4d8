package org.distill4j.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How an example has to lie for a model: as it is, its channels behind its rows and columns, its
 * axes of one element left out or put in, or one channel as a row of numbers.
 *
 * @param example the example as it is: {@code [channels, rows, columns]} if it is a map
 * @param order of its axes for the model, before axes of one element come or go
 * @param taken what the model takes, all numbers
 */
public record ExampleLayout(Shape example, List<Integer> order, Shape taken) {
  private static final List<Integer> CHANNELS_LAST = List.of(1, 2, 0);
  private static final List<Integer> COLUMNS_FIRST = List.of(2, 0, 1);

  /** Takes a copy. */
  public ExampleLayout {
    order = List.copyOf(order);
  }

  /**
   * The one that fits; as it stands where that fits, too.
   *
   * @param example all numbers
   * @param declared what a model says that it takes of one example; open extents fit any
   * @param isTurned whether a map in a file, channels last, is declared channels first: the file
   *     may hold its channels first as well
   */
  public static Optional<ExampleLayout> of(Shape example, Shape declared, boolean isTurned) {
    List<Integer> same = IntStream.range(0, example.rank()).boxed().toList();
    List<List<Integer>> orders = new ArrayList<>(List.of(same));
    if (example.rank() == 3) {
      orders.add(CHANNELS_LAST);
      if (isTurned) {
        orders.add(COLUMNS_FIRST);
      }
    }
    for (List<Integer> order : orders) {
      long[] moved = order.stream().mapToLong(example::size).toArray();
      if (fits(moved, declared)) {
        return Optional.of(new ExampleLayout(example, order, Shape.of(moved)));
      }
    }
    return reshaped(example, same, declared);
  }

  private static boolean fits(long[] sizes, Shape declared) {
    return sizes.length == declared.rank()
        && IntStream.range(0, sizes.length)
            .allMatch(i -> !declared.dim(i).isKnown() || declared.dim(i).size() == sizes[i]);
  }

  /** Without moving a number: axes of one element, or one channel in a row. */
  private static Optional<ExampleLayout> reshaped(
      Shape example, List<Integer> same, Shape declared) {
    long[] all = example.sizes();
    boolean hasOneChannel = all.length == 3 && all[0] == 1;
    long[] row = {example.elements()};
    if (hasOneChannel && declared.rank() == 1 && fits(row, declared) && declared.isStatic()) {
      return Optional.of(new ExampleLayout(example, same, Shape.of(row)));
    }
    long[] without = hasOneChannel ? new long[] {all[1], all[2]} : all;
    if (!hasOneChannel && all.length != 2) {
      return Optional.empty();
    }
    long[] first = LongStream.concat(LongStream.of(1), LongStream.of(without)).toArray();
    long[] last = LongStream.concat(LongStream.of(without), LongStream.of(1)).toArray();
    for (long[] sizes : List.of(without, last, first)) {
      if (fits(sizes, declared)) {
        return Optional.of(new ExampleLayout(example, same, Shape.of(sizes)));
      }
    }
    return Optional.empty();
  }

  /** Whether axes change places. */
  public boolean isMoved() {
    return !order.equals(IntStream.range(0, order.size()).boxed().toList());
  }

  /** Whether an example stays as it is. */
  public boolean isSame() {
    return !isMoved() && taken.equals(example);
  }

  /** Where each number of a batch's examples comes from. */
  public int[] places() {
    int[] places = new int[Math.toIntExact(example.elements())];
    if (!isMoved()) {
      Arrays.setAll(places, i -> i);
      return places;
    }
    int[] strides = new int[order.size()];
    for (int axis = strides.length - 1, stride = 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= (int) example.size(axis);
    }
    for (int i = 0; i < places.length; i++) {
      int rest = i;
      for (int axis = order.size() - 1; axis >= 0; axis--) {
        int size = (int) taken.size(axis);
        places[i] += rest % size * strides[order.get(axis)];
        rest /= size;
      }
    }
    return places;
  }
}
