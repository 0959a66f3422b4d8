package org.distill4j.export;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.images.Pixels;
import org.distill4j.images.ResizeMode;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Images of other sizes than the model's, and what the model answers to them where this library
 * itself reads them: what the entrances of a form are held against.
 */
final class ServedImages {
  private static final int PIECES = 5; // of one colour along each side
  private static final int NOISE = 40; // levels
  private static final int ODD = 16; // one pixel of so many is a level off, as roundings may be

  private final Graph model;
  private final Preprocessing preprocessing;
  private final Shape shape;
  private final SplittableRandom random = new SplittableRandom(3);
  private final List<byte[]> files = new ArrayList<>();
  private final List<HostTensor> pixels = new ArrayList<>();
  private final List<Probe> probes = new ArrayList<>();

  private ServedImages(Graph model, Preprocessing preprocessing) {
    this.model = model;
    this.preprocessing = preprocessing;
    this.shape = GoldenOutputs.ofOne(model.onlyInput());
  }

  /** Whether a model takes images, one at a time. */
  static boolean suit(Graph model) {
    if (model.inputs().size() != 1 || Metadata.preprocessing(model).isEmpty()) {
      return false;
    }
    Shape shape = model.onlyInput().shape();
    boolean isMap = shape.isRanked() && shape.rank() == 4 && shape.dropFirst().isStatic();
    return isMap
        && model.onlyInput().type() == DType.FLOAT32
        && (!shape.dim(0).isKnown() || shape.size(0) == 1)
        && (shape.size(1) == 1 || shape.size(1) == 3)
        && Metadata.preprocessing(model).get().fits(shape.size(1));
  }

  /** Three images: larger, of other proportions, and of the model's own size. */
  static ServedImages of(Graph model) {
    ServedImages all = new ServedImages(model, Metadata.preprocessing(model).orElseThrow());
    int rows = (int) all.shape.size(2);
    int columns = (int) all.shape.size(3);
    try (Predictor onnx = OnnxRuntime.inRealNumbers().open(model, 1)) {
      all.add(2 * rows + 1, columns + 3, onnx);
      all.add(Math.max(1, rows / 2), 3 * columns, onnx);
      all.add(rows, columns, onnx);
    } catch (IOException e) {
      throw new AssertionError("written and read in memory", e);
    }
    return all;
  }

  /** Each as a PNG file. */
  List<byte[]> files() {
    return files;
  }

  /** Each as bytes of the model's size, a batch of one, in ONNX order. */
  List<HostTensor> pixels() {
    return pixels;
  }

  /** What the model answers, as probes alone. */
  GoldenOutputs golden() {
    return new GoldenOutputs(model.outputs().get(0).name(), List.of(), List.of(), Map.of(), probes);
  }

  private void add(int rows, int columns, Predictor onnx) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(picture(rows, columns), "png", png);
    byte[] file = png.toByteArray();
    byte[] bytes =
        Pixels.read(file)
            .channels((int) shape.size(1))
            .size(
                (int) shape.size(2),
                (int) shape.size(3),
                Metadata.fit(model).orElse(ResizeMode.STRETCH))
            .values();
    files.add(file);
    pixels.add(HostTensor.of(DType.UINT8, shape, java.nio.ByteBuffer.wrap(bytes.clone())));
    String input = model.onlyInput().name();
    Map<String, HostTensor> fed = Map.of(input, values(bytes, false));
    Map<String, HostTensor> shaken = Map.of(input, values(bytes, true));
    probes.add(
        new Probe(
            String.format(Locale.ROOT, "an image of %d x %d", rows, columns),
            fed,
            onnx.run(fed),
            onnx.run(shaken)));
  }

  private BufferedImage picture(int rows, int columns) {
    int[][] colours = new int[PIECES * PIECES][3];
    for (int[] colour : colours) {
      for (int c = 0; c < 3; c++) {
        colour[c] = random.nextInt(256 - NOISE);
      }
    }
    BufferedImage picture = new BufferedImage(columns, rows, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        int[] colour = colours[y * PIECES / rows * PIECES + x * PIECES / columns];
        int packed = 0;
        for (int c = 0; c < 3; c++) {
          packed = (packed << 8) + colour[c] + random.nextInt(NOISE);
        }
        picture.setRGB(x, y, packed);
      }
    }
    return picture;
  }

  private HostTensor values(byte[] bytes, boolean isShaken) {
    int channels = (int) shape.size(1);
    int plane = bytes.length / channels;
    float[] values = new float[bytes.length];
    for (int c = 0; c < channels; c++) {
      int from = preprocessing.source(c) * plane;
      for (int i = 0; i < plane; i++) {
        int level = bytes[from + i] & 0xff;
        if (isShaken && random.nextInt(ODD) == 0) {
          level += random.nextBoolean() ? 1 : -1;
        }
        values[c * plane + i] = level * preprocessing.factor(c) + preprocessing.offset(c);
      }
    }
    return HostTensor.ofFloats(shape, values);
  }
}
