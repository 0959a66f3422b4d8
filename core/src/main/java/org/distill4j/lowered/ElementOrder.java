package org.distill4j.lowered;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * The element order of a value, in a file and outside of it.
 *
 * @param held its shape in the file
 * @param turned whether the file holds a map channels last and the outside channels first
 */
public record ElementOrder(Shape held, boolean turned) {
  /** Hears of each element where it is told and where it is held. */
  public interface Places {
    /** One element. */
    void accept(int told, int held);
  }

  /** The shape in a file's order of a shape in that of ONNX. */
  public static Shape held(Shape told, boolean turned) {
    return turned ? permuted(told, Axes.toLast(told.rank())) : told;
  }

  /** The shape in ONNX's order of a shape in that of a file. */
  public static Shape told(Shape held, boolean turned) {
    return turned ? permuted(held, Axes.toFirst(held.rank())) : held;
  }

  /**
   * Whether a map in a file of another make has its channels last: as its format has it, unless its
   * extents can only be those of an image with its channels first.
   */
  public static boolean isLast(Shape held) {
    return held.rank() == 4 && !(isImage(held.dim(1)) && !isImage(held.dim(3)));
  }

  private static boolean isImage(Dim channels) {
    return channels.size() == 1 || channels.size() == 3 || channels.size() == 4;
  }

  private static Shape permuted(Shape shape, int[] order) {
    return Shape.of(Arrays.stream(order).mapToObj(shape::dim).toList());
  }

  private boolean isSame() {
    return !turned || held.size(held.rank() - 1) == 1;
  }

  /** Calls for each element. */
  public void forEach(Places places) {
    int elements = Math.toIntExact(held.elements());
    if (isSame()) {
      for (int i = 0; i < elements; i++) {
        places.accept(i, i);
      }
      return;
    }
    int channels = (int) held.size(held.rank() - 1);
    int batch = (int) held.size(0);
    int positions = batch * channels == 0 ? 0 : elements / (batch * channels);
    for (int n = 0; n < batch; n++) {
      int base = n * channels * positions;
      for (int c = 0; c < channels; c++) {
        for (int p = 0; p < positions; p++) {
          places.accept(base + c * positions + p, base + p * channels + c);
        }
      }
    }
  }

  /** Copies from the source's position on into the file's order. */
  public void toHeld(FloatBuffer told, FloatBuffer target) {
    int at = told.position();
    if (isSame()) {
      target.put(0, told, at, Math.toIntExact(held.elements()));
    } else {
      forEach((from, to) -> target.put(to, told.get(at + from)));
    }
  }

  /** Copies out of the file's order to the target's position on. */
  public void toTold(FloatBuffer source, FloatBuffer told) {
    int at = told.position();
    if (isSame()) {
      told.put(at, source, 0, Math.toIntExact(held.elements()));
    } else {
      forEach((to, from) -> told.put(at + to, source.get(from)));
    }
  }

  /** A tensor in the other order, if the value is turned. */
  public static HostTensor moved(HostTensor tensor, boolean turned, boolean toHeld) {
    if (!turned) {
      return tensor;
    }
    int rank = tensor.shape().rank();
    int[] order = toHeld ? Axes.toLast(rank) : Axes.toFirst(rank);
    List<Long> factors = new ArrayList<>();
    for (long size : tensor.shape().sizes()) {
      factors.add(size);
    }
    Shape target = Shape.of(Arrays.stream(order).mapToObj(tensor.shape()::dim).toList());
    return new VariableLayout(
            tensor.shape(), factors, Arrays.stream(order).boxed().toList(), target)
        .toTensorFlow(tensor);
  }
}
