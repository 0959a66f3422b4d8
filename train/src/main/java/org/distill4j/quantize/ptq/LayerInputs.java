package org.distill4j.quantize.ptq;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.passes.LinearLayer;
import org.distill4j.quantize.prepare.ActivationPass;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * What a layer multiplies its weights with, in the float model and in the one of integers: of a
 * dense layer its inputs, of a convolution the patches at some positions of each image. Kept as the
 * two matrices that rounding needs, for each group of channels.
 */
final class LayerInputs {
  private static final int MOST_NUMBERS = 1 << 22; // of all columns of one model
  private static final int MOST_COLUMNS = 8192;

  private final List<float[]> own = new ArrayList<>();
  private final List<float[]> cross = new ArrayList<>();

  private LayerInputs() {}

  /** Whether a layer is dense or a convolution of images, without automatic padding. */
  static boolean suits(LinearLayer layer) {
    return !layer.node().op().equals("Conv")
        || (layer.weights().shape().rank() == 4
            && List.of("NOTSET", "VALID")
                .contains(layer.node().textAttribute("auto_pad", "NOTSET")));
  }

  /**
   * Sees them.
   *
   * @param layer as it is in the float model
   * @param exact the float model
   * @param integers the other one, with a node of the same name
   */
  static LayerInputs of(LinearLayer layer, Graph exact, Graph integers, ActivationPass examples) {
    String name = layer.node().name();
    List<float[]> wanted = columns(layer, exact, input(exact, name), examples);
    List<float[]> got = columns(layer, integers, input(integers, name), examples);
    LayerInputs seen = new LayerInputs();
    int length = wanted.get(0).length / layer.groups();
    for (int g = 0; g < layer.groups(); g++) {
      seen.own.add(products(got, got, g * length, length));
      seen.cross.add(products(wanted, got, g * length, length));
    }
    return seen;
  }

  private static String input(Graph graph, String node) {
    return graph.nodes().stream()
        .filter(n -> n.name().equals(node))
        .findFirst()
        .orElseThrow()
        .input(0);
  }

  /** {@code E[x~ x~']} of a group, row-major. */
  float[] own(int group) {
    return own.get(group);
  }

  /** {@code E[x x~']} of a group, row-major by x. */
  float[] cross(int group) {
    return cross.get(group);
  }

  /** The positions of each output channel's weights, in the order of a column. */
  static int[][] positions(LinearLayer layer) {
    int count = Math.toIntExact(layer.weights().elements());
    int[][] positions = new int[layer.outputs()][count / layer.outputs()];
    int[] next = new int[layer.outputs()];
    for (int i = 0; i < count; i++) {
      int o = layer.outputOf(i);
      positions[o][next[o]++] = i;
    }
    return positions;
  }

  private static List<float[]> columns(
      LinearLayer layer, Graph graph, String tensor, ActivationPass examples) {
    long spread = layer.weights().elements() / layer.outputs() * layer.groups();
    long most = Math.min(MOST_COLUMNS, Math.max(1, MOST_NUMBERS / spread));
    int each = Math.toIntExact(Math.max(1, most / examples.count()));
    List<float[]> columns = new ArrayList<>();
    examples.through(
        graph,
        List.of(tensor),
        made -> {
          HostTensor values = made.get(tensor);
          if (layer.node().op().equals("Conv")) {
            patches(layer, values, each, columns);
          } else {
            rows(values, each, columns);
          }
        });
    return columns;
  }

  private static void rows(HostTensor values, int each, List<float[]> columns) {
    Shape shape = values.shape();
    int length = Math.toIntExact(shape.size(shape.rank() - 1));
    int images = Math.toIntExact(shape.size(0));
    float[] all = values.toFloats();
    int perImage = all.length / length / images;
    int taken = Math.min(each, perImage);
    for (int n = 0; n < images; n++) {
      for (int t = 0; t < taken; t++) {
        float[] row = new float[length];
        int at = n * perImage + (int) ((long) t * perImage / taken);
        System.arraycopy(all, at * length, row, 0, length);
        columns.add(row);
      }
    }
  }

  private static void patches(
      LinearLayer layer, HostTensor values, int each, List<float[]> columns) {
    Window window = new Window(layer, values.shape());
    float[] all = values.toFloats();
    int places = window.rows * window.columns;
    int taken = Math.min(each, places);
    for (int n = 0; n < values.shape().size(0); n++) {
      for (int t = 0; t < taken; t++) {
        int shift = n * 7919 % places; // other places in each image
        int place = (int) (((long) t * places / taken + shift) % places);
        columns.add(window.patch(all, n, place / window.columns, place % window.columns));
      }
    }
  }

  private static float[] products(List<float[]> left, List<float[]> right, int from, int length) {
    float[] sums = new float[length * length];
    int n = Math.min(left.size(), right.size());
    IntStream.range(0, length)
        .parallel()
        .forEach(
            i -> {
              float[] row = new float[length];
              for (int c = 0; c < n; c++) {
                float x = left.get(c)[from + i] / n;
                float[] y = right.get(c);
                for (int j = 0; j < length && x != 0; j++) {
                  row[j] += x * y[from + j];
                }
              }
              System.arraycopy(row, 0, sums, i * length, length);
            });
    return sums;
  }

  /** Where a convolution looks. */
  private static final class Window {
    private final int channels;
    private final int height;
    private final int width;
    private final int kernelRows;
    private final int kernelColumns;
    private final long[] strides;
    private final long[] pads;
    private final long[] dilations;
    private final int rows;
    private final int columns;

    Window(LinearLayer layer, Shape input) {
      Node node = layer.node();
      channels = Math.toIntExact(input.size(1));
      height = Math.toIntExact(input.size(2));
      width = Math.toIntExact(input.size(3));
      kernelRows = Math.toIntExact(layer.weights().shape().size(2));
      kernelColumns = Math.toIntExact(layer.weights().shape().size(3));
      strides = node.intsAttribute("strides", 1, 1);
      pads = node.intsAttribute("pads", 0, 0, 0, 0);
      dilations = node.intsAttribute("dilations", 1, 1);
      rows = places(height, kernelRows, 0);
      columns = places(width, kernelColumns, 1);
    }

    private int places(int size, int kernel, int axis) {
      long reach = dilations[axis] * (kernel - 1) + 1;
      return (int) ((size + pads[axis] + pads[axis + 2] - reach) / strides[axis] + 1);
    }

    float[] patch(float[] all, int image, int row, int column) {
      float[] patch = new float[channels * kernelRows * kernelColumns];
      int at = 0;
      for (int c = 0; c < channels; c++) {
        for (int i = 0; i < kernelRows; i++) {
          long y = row * strides[0] - pads[0] + i * dilations[0];
          for (int j = 0; j < kernelColumns; j++, at++) {
            long x = column * strides[1] - pads[1] + j * dilations[1];
            boolean inside = y >= 0 && y < height && x >= 0 && x < width;
            patch[at] =
                inside
                    ? all[(int) (((long) image * channels + c) * height + y) * width + (int) x]
                    : 0;
          }
        }
      }
      return patch;
    }
  }
}
