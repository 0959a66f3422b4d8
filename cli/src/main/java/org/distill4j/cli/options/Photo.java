package org.distill4j.cli.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distill4j.data.ModelDataCheck;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.images.Pixels;
import org.distill4j.images.ResizeMode;
import org.distill4j.storage.AtomicFile;
import org.distill4j.tensor.Shape;

/** An image file as raw values: bytes 0..255, channels first, scaled to the size a model takes. */
public final class Photo {
  private Photo() {}

  /**
   * Reads an image, as folders of images are read.
   *
   * @param model takes [1, height, width], which gives grey, or [3, height, width], red, green and
   *     blue; its metadata say how an image of another size is brought to that
   */
  public static float[] read(Path file, Graph model) {
    Shape shape =
        ModelDataCheck.example(model).orElseGet(() -> model.onlyInput().shape().dropFirst());
    if (shape.rank() != 3 || (shape.size(0) != 1 && shape.size(0) != 3)) {
      throw new InputFault(
          file
              + ": the model takes "
              + shape
              + " (expected: [1 or 3, height, width] for an image)");
    }
    int height = Math.toIntExact(shape.size(1));
    int width = Math.toIntExact(shape.size(2));
    ResizeMode fit = Metadata.fit(model).orElse(ResizeMode.STRETCH);
    byte[] bytes = load(file).channels((int) shape.size(0)).size(height, width, fit).values();
    float[] values = new float[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i] & 0xff;
    }
    return values;
  }

  private static Pixels load(Path file) {
    try {
      return Pixels.read(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new InputFault(
          file + ": cannot be read: " + AtomicFile.reason(e) + " (expected: an image)", e);
    }
  }
}
