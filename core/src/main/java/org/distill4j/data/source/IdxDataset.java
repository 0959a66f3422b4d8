package org.distill4j.data.source;

import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.distill4j.data.ClassNumbers;
import org.distill4j.data.MappedDataset;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Preprocessing;
import org.distill4j.storage.MappedFile;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/**
 * Images of unsigned bytes in one idx file and their labels in another; values are 0..255.
 *
 * <p>Images of rank 3 {@code [n, height, width]} have one channel: {@code [1, height, width]};
 * those of rank 4 are {@code [n, channels, height, width]}, rows of rank 2 stay {@code [features]}.
 */
final class IdxDataset extends MappedDataset {
  /** One thread's room for one example, which grows to the largest it reads. */
  private static final class Room {
    byte[] bytes = new byte[0];
    float[] floats = new float[0];

    void hold(int elements) {
      if (bytes.length < elements) {
        bytes = new byte[elements];
        floats = new float[elements];
      }
    }
  }

  private static final ThreadLocal<Room> ROOM = ThreadLocal.withInitial(Room::new);

  private final IdxFile images;
  private final IdxFile labels;
  private final ClassNumbers numbers;
  private final int elements;

  private IdxDataset(
      String name,
      Shape shape,
      List<String> classes,
      ClassNumbers numbers,
      Preprocessing scale,
      IdxFile x,
      IdxFile y) {
    super(name, shape, classes, y.header().count(), numbers.sha256(sha256(x, y)), scale);
    this.images = x;
    this.labels = y;
    this.numbers = numbers;
    this.elements = Math.toIntExact(shape.elements());
  }

  private static String sha256(IdxFile images, IdxFile labels) {
    return Sha256.ofTexts("idx", images.sha256(), labels.sha256());
  }

  /**
   * Joins images and labels.
   *
   * @param classes the class names, or none: then the numbers that there are. A label is the number
   *     that a class's name is, or its place from 0 where the names are no numbers
   * @throws InputFault if they do not belong together or a label is not a class
   */
  static IdxDataset of(
      String name, IdxFile images, IdxFile labels, List<String> classes, Preprocessing scale) {
    Shape extents = images.header().extents();
    if (extents.rank() < 2 || images.header().elements() / extents.size(0) > MappedFile.MAX_SLICE) {
      throw new InputFault(
          "%s: extents %s (expected: [n, height, width], at most 2^28 values each)"
              .formatted(images.name(), extents));
    }
    if (labels.header().extents().rank() != 1) {
      throw new InputFault(
          "%s: extents %s (expected: one, the number of labels)"
              .formatted(labels.name(), labels.header().extents()));
    }
    if (images.header().count() != labels.header().count()) {
      throw new InputFault(
          "%s: %s images, %s: %s labels (expected: as many of both)"
              .formatted(
                  images.name(), images.header().count(), labels.name(), labels.header().count()));
    }
    ClassNumbers numbers =
        classes.isEmpty() ? ClassNumbers.of(met(labels)) : ClassNumbers.named(classes);
    requireClasses(labels, classes, numbers);
    List<String> names = classes.isEmpty() ? numbers.names() : classes;
    return new IdxDataset(name, shape(extents), names, numbers, scale, images, labels);
  }

  private static Shape shape(Shape extents) {
    Shape one = extents.dropFirst();
    return one.rank() == 2 ? one.prepend(Dim.of(1)) : one;
  }

  /** The labels that there are, plus one. */
  private static BitSet met(IdxFile labels) {
    BitSet met = new BitSet();
    for (long i = 0; i < labels.header().count(); i++) {
      met.set(number(labels, i) + 1);
    }
    return met;
  }

  private static void requireClasses(IdxFile labels, List<String> classes, ClassNumbers numbers) {
    for (long i = 0; i < labels.header().count() && !classes.isEmpty(); i++) {
      int place = numbers.place(number(labels, i));
      if (place < 0 || place >= classes.size()) {
        throw new InputFault(
            "%s: label %s at index %s (expected: %s)"
                .formatted(
                    labels.name(),
                    number(labels, i),
                    i,
                    numbers.arePlaces() ? "0 to " + (classes.size() - 1) : "one of " + classes));
      }
    }
  }

  private static int number(IdxFile labels, long index) {
    return labels.file().byteAt(labels.header().bytes() + index) & 0xff;
  }

  @Override
  public void read(long index, FloatBuffer target) {
    Objects.checkIndex(index, size());
    Room room = ROOM.get();
    room.hold(elements);
    byte[] bytes = room.bytes;
    float[] floats = room.floats;
    images.file().copy(images.header().bytes() + index * elements, bytes, elements);
    for (int i = 0; i < elements; i++) {
      floats[i] = bytes[i] & 0xff;
    }
    target.put(floats, 0, elements);
  }

  @Override
  public int label(long index) {
    return numbers.place(number(labels, Objects.checkIndex(index, size())));
  }
}
