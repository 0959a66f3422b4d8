package org.distill4j.reference;

import java.util.List;
import java.util.Locale;
import org.distill4j.fault.RunFault;
import org.distill4j.shapes.Window;
import org.distill4j.tensor.Shape;

/**
 * Conv, Gemm, MatMul and MatMulInteger. Integers are multiplied and summed as such, {@code sum (q_x
 * - zero_x)(q_w - zero_w) + q_b}; a sum is worth {@code s_x s_w} of its channel. A bias of another
 * scale is refused: kernels add it as it is.
 */
final class ReferenceProducts {
  private ReferenceProducts() {}

  static ReferenceTensor conv(Operands operands) {
    return sums(operands, 0, 1, ReferenceProducts::convolve);
  }

  static ReferenceTensor gemm(Operands operands) {
    return sums(
        operands,
        isTransposed(operands) ? 0 : 1,
        1,
        (c, x, w) -> multiply(x, w, c.in(1).shape(), isTransposed(c)));
  }

  static ReferenceTensor matMul(Operands operands) {
    return sums(
        operands,
        1,
        operands.site().outShape().rank() - 1,
        (c, x, w) -> multiply(x, w, c.in(1).shape(), false));
  }

  /** Rows of integers by columns of integers, each from what stands for 0 there. */
  static ReferenceTensor matMulInteger(Operands operands) {
    Shape w = operands.in(1).shape();
    int inner = (int) w.size(0);
    double[] sums =
        multiply(
            centred(operands, 0, inner, operands.in(0).numbers().length / Math.max(1, inner)),
            centred(operands, 1, 1, w.size(1)),
            w,
            false);
    requireRange(operands, sums);
    return ReferenceTensor.of(operands.site().outShape(), sums);
  }

  /**
   * An operand's distances from what stands for 0: one for all, or one for each of so many rows or
   * columns.
   */
  private static double[] centred(Operands operands, int input, int stretch, long count) {
    double[] zeros =
        operands.site().has(input + 2) ? operands.in(input + 2).numbers() : new double[1];
    if (zeros.length != 1 && zeros.length != count) {
      throw operands
          .site()
          .fault("%s zero points (expected: 1 or %s)".formatted(zeros.length, count));
    }
    double[] centred = operands.in(input).numbers().clone();
    for (int i = 0; i < centred.length; i++) {
      centred[i] -= zeros[i / stretch % zeros.length];
    }
    return centred;
  }

  private static boolean isTransposed(Operands operands) {
    return operands.node().intAttribute("transB", 0) != 0;
  }

  /** The sums of one layer, without its bias. */
  @FunctionalInterface
  private interface Kernel {
    double[] sums(Operands operands, double[] x, double[] w);
  }

  /**
   * A layer on integers where both operands are some, else on what they stand for.
   *
   * @param weightAxis the axis of the weights that counts output channels
   * @param axis the one of the result
   */
  private static ReferenceTensor sums(Operands operands, int weightAxis, int axis, Kernel kernel) {
    ReferenceTensor x = operands.in(0).movable();
    ReferenceTensor w = operands.in(1);
    boolean perOutput = w.steps().map(s -> s.isOne() || s.axis() == weightAxis).orElse(false);
    if (x.steps().isEmpty() || !perOutput) {
      double[] sums = kernel.sums(operands, x.reals(), w.reals());
      return biased(operands, ReferenceTensor.of(operands.site().outShape(), sums), axis);
    }
    ReferenceGrid weight = w.steps().get();
    double[] sizes = new double[weight.sizes().length];
    for (int c = 0; c < sizes.length; c++) {
      sizes[c] = x.steps().get().sizes()[0] * weight.sizes()[c];
    }
    double[] sums = kernel.sums(operands, x.centred(), w.centred());
    return biased(
        operands,
        ReferenceTensor.of(
            operands.site().outShape(),
            sums,
            new ReferenceGrid(sizes, new double[sizes.length], axis)),
        axis);
  }

  private static ReferenceTensor biased(Operands operands, ReferenceTensor sums, int axis) {
    if (!operands.site().has(2)) {
      return checked(operands, sums);
    }
    ReferenceTensor bias = operands.in(2);
    boolean integers = sums.steps().isPresent() && bias.steps().isPresent();
    if (integers) {
      requireScale(operands, sums.steps().get(), bias.steps().get());
    }
    ReferenceTensor base = integers ? sums : sums.real();
    double[] added = integers ? bias.centred() : bias.reals();
    int inner = 1;
    for (int a = axis + 1; a < sums.shape().rank(); a++) {
      inner *= sums.size(a);
    }
    double[] result = base.numbers().clone();
    for (int i = 0; i < result.length; i++) {
      result[i] += added[added.length == 1 ? 0 : i / inner % added.length];
    }
    return checked(operands, new ReferenceTensor(base.shape(), result, base.steps()));
  }

  private static void requireScale(Operands operands, ReferenceGrid sums, ReferenceGrid bias) {
    for (int c = 0; c < bias.sizes().length; c++) {
      double expected = (float) sums.sizes()[sums.isOne() ? 0 : c];
      if ((float) bias.sizes()[c] != expected) {
        throw operands
            .site()
            .fault(
                "bias of scale %s in channel %s (expected: %s, as its products have; kernels add it as it is)"
                    .formatted((float) bias.sizes()[c], c, (float) expected));
      }
    }
  }

  /** Sums must fit the 32 bits that kernels keep them in. */
  private static ReferenceTensor checked(Operands operands, ReferenceTensor sums) {
    if (sums.steps().isPresent()) {
      requireRange(operands, sums.numbers());
    }
    return sums;
  }

  private static void requireRange(Operands operands, double... sums) {
    for (double sum : sums) {
      if (sum > Integer.MAX_VALUE || sum < Integer.MIN_VALUE) {
        throw new RunFault(
            String.format(
                Locale.ROOT,
                "%s: a sum of %.0f (expected: within 32 bits); keep it float",
                operands.node(),
                sum));
      }
    }
  }

  /** Rows of {@code x} by a matrix {@code [in, out]}, or {@code [out, in]} where transposed. */
  private static double[] multiply(double[] x, double[] w, Shape shape, boolean transposed) {
    int in = (int) shape.size(transposed ? 1 : 0);
    int out = (int) shape.size(transposed ? 0 : 1);
    int rows = x.length / Math.max(1, in);
    double[] result = new double[rows * out];
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < in; i++) {
        double factor = x[r * in + i];
        if (factor != 0 && transposed) {
          for (int o = 0; o < out; o++) {
            result[r * out + o] += factor * w[o * in + i];
          }
        } else if (factor != 0) {
          for (int o = 0; o < out; o++) {
            result[r * out + o] += factor * w[i * out + o];
          }
        }
      }
    }
    return result;
  }

  private static double[] convolve(Operands operands, double[] x, double[] w) {
    long[] kernels = operands.in(1).shape().sizes();
    long[] kernel = new long[kernels.length - 2];
    System.arraycopy(kernels, 2, kernel, 0, kernel.length);
    return new Convolution(
            Window.of(operands.node(), kernel),
            operands.in(0).shape(),
            operands.site().outShape(),
            (int) operands.node().intAttribute("group", 1))
        .run(x, w);
  }

  /** One convolution over signals or maps. */
  private static final class Convolution {
    private static final Window ROW = new Window(1, 1, 1, 0, 0, Window.Mode.EXPLICIT, false);

    private final Window rows;
    private final Window columns;
    private final int height;
    private final int width;
    private final int outHeight;
    private final int outWidth;
    private final int batch;
    private final int inputs;
    private final int outputs;
    private final int groups;

    Convolution(List<Window> windows, Shape in, Shape out, int groups) {
      boolean map = in.rank() == 4;
      this.rows = map ? windows.get(0) : ROW;
      this.columns = windows.get(windows.size() - 1);
      this.height = map ? (int) in.size(2) : 1;
      this.width = (int) in.size(in.rank() - 1);
      this.outHeight = map ? (int) out.size(2) : 1;
      this.outWidth = (int) out.size(out.rank() - 1);
      this.batch = (int) in.size(0);
      this.inputs = (int) in.size(1);
      this.outputs = (int) out.size(1);
      this.groups = groups;
    }

    double[] run(double[] x, double[] w) {
      double[] result = new double[batch * outputs * outHeight * outWidth];
      int perGroup = inputs / groups;
      int area = (int) (rows.kernel() * columns.kernel());
      for (int n = 0; n < batch; n++) {
        for (int o = 0; o < outputs; o++) {
          int target = (n * outputs + o) * outHeight * outWidth;
          for (int i = 0; i < perGroup; i++) {
            int channel = o / (outputs / groups) * perGroup + i;
            int source = (n * inputs + channel) * height * width;
            for (int k = 0; k < area; k++) {
              double weight = w[(o * perGroup + i) * area + k];
              if (weight != 0) {
                add(x, source, weight, k, result, target);
              }
            }
          }
        }
      }
      return result;
    }

    /** Adds one weight's share to all windows of a plane. */
    private void add(double[] x, int source, double weight, int k, double[] result, int target) {
      int stride = (int) columns.stride();
      int down = k / (int) columns.kernel() * (int) rows.dilation() - (int) rows.padBegin(height);
      int right =
          k % (int) columns.kernel() * (int) columns.dilation() - (int) columns.padBegin(width);
      int first = right >= 0 ? 0 : (-right + stride - 1) / stride;
      int end = Math.min(outWidth, width <= right ? 0 : (width - 1 - right) / stride + 1);
      for (int y = 0; y < outHeight; y++) {
        int row = y * (int) rows.stride() + down;
        if (row >= 0 && row < height) {
          int from = source + row * width + right;
          int to = target + y * outWidth;
          for (int c = first; c < end; c++) {
            result[to + c] += weight * x[from + c * stride];
          }
        }
      }
    }
  }
}
