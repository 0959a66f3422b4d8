package org.distill4j.data.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Objects;
import org.distill4j.data.MappedDataset;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.Shape;

/** Decoded images or records: per row the values, as bytes 0..255 or as floats, then the truth. */
public final class RowDataset extends MappedDataset {
  /** One thread's room for one row. */
  private static final class Room {
    byte[] bytes = new byte[0];
    FloatBuffer asFloats = FloatBuffer.allocate(0);
    float[] floats = new float[0];

    void hold(int rowBytes, int elements) {
      if (bytes.length < rowBytes) {
        bytes = new byte[rowBytes];
        asFloats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      }
      if (floats.length < elements) {
        floats = new float[elements];
      }
    }
  }

  private static final ThreadLocal<Room> ROOM = ThreadLocal.withInitial(Room::new);

  private final Rows rows;
  private final boolean bytes;
  private final TaskType task;
  private final int elements;
  private final int rowBytes;
  private final List<String> notes;

  /**
   * Joins rows with what they mean.
   *
   * @param bytes whether the values are bytes rather than floats
   * @param notes what reading made of the files
   */
  public RowDataset(
      String name,
      Shape shape,
      List<String> classes,
      TaskType task,
      Rows rows,
      boolean bytes,
      int rowBytes,
      Preprocessing preprocessing,
      List<String> notes) {
    super(
        name,
        shape,
        classes,
        rows.count(),
        Sha256.ofTexts(
            "rows", rows.sha256(), shape.toString(), task.spelling(), classes.toString()),
        preprocessing);
    this.rows = rows;
    this.bytes = bytes;
    this.task = task;
    this.elements = Math.toIntExact(shape.elements());
    this.rowBytes = rowBytes;
    this.notes = List.copyOf(notes);
  }

  @Override
  public void read(long index, FloatBuffer target) {
    Room room = ROOM.get();
    room.hold(rowBytes, elements);
    rows.copy(Objects.checkIndex(index, size()), room.bytes);
    if (bytes) {
      for (int i = 0; i < elements; i++) {
        room.floats[i] = room.bytes[i] & 0xff;
      }
      target.put(room.floats, 0, elements);
    } else {
      target.put(target.position(), room.asFloats, 0, elements);
      target.position(target.position() + elements);
    }
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public TaskType task() {
    return task;
  }

  @Override
  public int label(long index) {
    if (task != TaskType.SINGLE_LABEL) {
      throw new IllegalStateException("task: " + task.spelling() + " (expected: single-label)");
    }
    return (int) rows.truth(Objects.checkIndex(index, size()), 0);
  }

  @Override
  public void targets(long index, FloatBuffer target) {
    if (task == TaskType.SINGLE_LABEL) {
      super.targets(index, target);
      return;
    }
    Objects.checkIndex(index, size());
    for (int i = 0; i < classes().size(); i++) {
      target.put(rows.truth(index, i));
    }
  }
}
