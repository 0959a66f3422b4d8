package org.distill4j.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.distill4j.shapes.Window;
import org.distill4j.tensor.Shape;

/** The largest of a window, and its mean. */
final class ReferencePools {
  private ReferencePools() {}

  static ReferenceTensor max(Operands operands) {
    ReferenceTensor x = operands.in(0).movable();
    return new ReferenceTensor(
        operands.site().outShape(), pooled(operands, x, x.numbers(), false), x.steps());
  }

  /** Sums of integers are exact; the mean is taken once, in float64. */
  static ReferenceTensor average(Operands operands) {
    ReferenceTensor x = operands.in(0).movable();
    if (x.steps().isEmpty()) {
      return ReferenceTensor.of(operands.site().outShape(), pooled(operands, x, x.numbers(), true));
    }
    double[] means = pooled(operands, x, x.centred(), true);
    return ReferenceTensor.of(
        operands.site().outShape(), means, ReferenceGrid.of(x.steps().get().sizes()[0], 0));
  }

  static ReferenceTensor globalAverage(Operands operands) {
    ReferenceTensor x = operands.in(0).movable();
    double[] numbers = x.steps().isPresent() ? x.centred() : x.numbers();
    double[] means = new double[x.size(0) * x.size(1)];
    int area = means.length == 0 ? 0 : numbers.length / means.length;
    for (int i = 0; i < means.length; i++) {
      double sum = 0;
      for (int k = 0; k < area; k++) {
        sum += numbers[i * area + k];
      }
      means[i] = sum / area;
    }
    return x.steps().isPresent()
        ? ReferenceTensor.of(
            operands.site().outShape(), means, ReferenceGrid.of(x.steps().get().sizes()[0], 0))
        : ReferenceTensor.of(operands.site().outShape(), means);
  }

  private static double[] pooled(
      Operands operands, ReferenceTensor x, double[] numbers, boolean mean) {
    long[] kernel = operands.node().optionalInts("kernel_shape").orElseThrow();
    int rank = x.shape().rank();
    List<Window> windows = new ArrayList<>(Window.of(operands.node(), kernel));
    Shape shape = operands.site().outShape();
    boolean map = rank == 4;
    Window rows = map ? windows.get(0) : new Window(1, 1, 1, 0, 0, Window.Mode.EXPLICIT, false);
    Window columns = windows.get(windows.size() - 1);
    int height = map ? x.size(2) : 1;
    int width = x.size(rank - 1);
    int outHeight = map ? (int) shape.size(2) : 1;
    int outWidth = (int) shape.size(rank - 1);
    boolean countPad = mean && operands.node().intAttribute("count_include_pad", 0) != 0;
    double[] result = new double[Math.toIntExact(shape.elements())];
    Arrays.fill(result, mean ? 0 : Double.NEGATIVE_INFINITY);
    for (int i = 0; i < result.length; i++) {
      int plane = i / (outHeight * outWidth) * height * width;
      int top = (int) (i / outWidth % outHeight * rows.stride() - rows.padBegin(height));
      int left = (int) (i % outWidth * columns.stride() - columns.padBegin(width));
      int count = 0;
      for (int ky = 0; ky < rows.kernel(); ky++) {
        int y = top + ky * (int) rows.dilation();
        for (int kx = 0; kx < columns.kernel(); kx++) {
          int at = left + kx * (int) columns.dilation();
          if (y >= 0 && y < height && at >= 0 && at < width) {
            double v = numbers[plane + y * width + at];
            result[i] = mean ? result[i] + v : Math.max(result[i], v);
            count++;
          } else if (countPad
              && y < height + rows.padEnd(height)
              && at < width + columns.padEnd(width)) {
            count++;
          }
        }
      }
      result[i] = mean ? result[i] / count : result[i];
    }
    return result;
  }
}
