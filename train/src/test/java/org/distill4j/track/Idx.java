package org.distill4j.track;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Dataset;
import org.distill4j.graph.Preprocessing;
import org.distill4j.tensor.Shape;

/** The first examples of the embedded clothes images. */
final class Idx {
  static final List<String> CLASSES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private Idx() {}

  /**
   * @param part {@code train} or {@code t10k}
   */
  static Dataset first(int n, String part) {
    float[][] values = new float[n][28 * 28];
    int[] labels = new int[n];
    try (DataInputStream images = open(part + "-images-idx3-ubyte.gz");
        DataInputStream classes = open(part + "-labels-idx1-ubyte.gz")) {
      images.skipNBytes(16);
      classes.skipNBytes(8);
      byte[] row = new byte[28 * 28];
      for (int i = 0; i < n; i++) {
        images.readFully(row);
        for (int p = 0; p < row.length; p++) {
          values[i][p] = row[p] & 0xff;
        }
        labels[i] = classes.readUnsignedByte();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ArrayDataset(
        "fashion-mini",
        Shape.of(1, 28, 28),
        CLASSES,
        values,
        labels,
        Preprocessing.scale(1 / 255.0));
  }

  private static DataInputStream open(String name) throws IOException {
    return new DataInputStream(
        new GZIPInputStream(
            Dataset.class.getResourceAsStream("/org/distill4j/data/fashion-mini/" + name),
            1 << 16));
  }
}
