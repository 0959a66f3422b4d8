package org.distill4j.softlabels;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.Examples;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.TaskType;
import org.distill4j.inference.Predictor;
import org.distill4j.progress.ProgressListener;
import org.distill4j.safetensors.SafetensorsHeader;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Float16;

/**
 * Labels a data set with a teacher: asks it about every example and keeps its logits.
 *
 * <p>In float16 the logits of one class out of several are kept less the largest of their example.
 * A constant changes no softmax, and of what is left only what is close to the largest matters: a
 * class at {@code -d} is off by at most {@code d · 2^-11}, which moves its probability {@code
 * e^(-d/T)} by less than {@code 2^-11 / e} at any temperature T. Logits that float16 does not hold
 * even so are kept in float32, all of the file.
 *
 * <p>Examples go to the teacher in fixed batches from the first to the last, so the same teacher,
 * data and threads give the same bytes, in one go or cut off anywhere and run again. While it works
 * on one batch, the next is read on another thread.
 */
public final class Labeller {
  /** How many examples the teacher takes at a time unless told otherwise. */
  public static final int BATCH = 128;

  /** A chunk, which is kept whole or not at all, has this many batches. */
  private static final int BATCHES_PER_CHUNK = 8;

  private final Predictor teacher;
  private final Examples examples;
  private final Dataset data;
  private final DType type;
  private final int batch;
  private final ProgressListener listener;
  private final ByteBuffer chunk; // [BATCHES_PER_CHUNK * batch, classes], as in the file

  private Labeller(
      Predictor teacher, Examples examples, DType type, int batch, ProgressListener listener) {
    this.teacher = teacher;
    this.examples = examples;
    this.data = examples.data();
    this.type = type;
    this.batch = batch;
    this.listener = listener;
    int classes = data.classes().size();
    this.chunk =
        ByteBuffer.allocateDirect(
                Math.toIntExact((long) BATCHES_PER_CHUNK * batch * classes * type.bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** {@link #label(Predictor, Examples, LabelKey, Path, int, ProgressListener)} by 128. */
  public static Labelling label(
      Predictor teacher, Examples examples, LabelKey key, Path target, ProgressListener listener) {
    return label(teacher, examples, key, target, BATCH, listener);
  }

  /**
   * Labels a data set, or what an earlier run that was cut off has left of it. Labels that are
   * there and answer the same question are kept, but for those of the earlier layout of which
   * float16 has rounded away what tells classes apart: they are made anew.
   *
   * @param teacher gives one logit per class, in the order of the data's classes
   * @param examples the data as the teacher takes them
   * @param key what the labels will be the answer to
   * @param target the file; it has its name only when it is complete
   * @param batch how many examples the teacher takes at a time, at least 1
   * @param listener hears of each batch
   * @throws InputFault if the teacher does not suit the data, or the file holds other labels
   * @throws RunFault if the teacher gives a logit that is not finite, if the file is damaged, or if
   *     the disk is full: what is done is kept for the next run
   */
  public static Labelling label(
      Predictor teacher,
      Examples examples,
      LabelKey key,
      Path target,
      int batch,
      ProgressListener listener) {
    if (batch < 1) {
      throw new IllegalArgumentException("batch: " + batch + " (expected: >= 1)");
    }
    Dataset data = examples.data();
    if (!key.data().equals(data.sha256())
        || !key.preprocessing().equals(examples.preprocessing())) {
      throw new IllegalArgumentException(
          "key: %s (expected: the digest and the preprocessing of data '%s')"
              .formatted(key, data.name()));
    }
    TeacherFit.require(teacher, data);
    try {
      Optional<String> lost =
          Files.exists(target) ? SoftLabels.roundedAway(target, key) : Optional.empty();
      if (lost.isPresent()) {
        listener.note("labels: " + lost.get() + "; made anew");
        Files.delete(target);
        Files.deleteIfExists(SoftLabels.sums(target));
      } else if (Files.exists(target)) {
        return reuse(target, key);
      }
      return labelled(teacher, examples, key, target, batch, listener);
    } catch (IOException e) {
      throw new RunFault(
          "%s: cannot be written: %s; free space and run again, what is done is kept"
              .formatted(target, AtomicFile.reason(e)),
          e);
    }
  }

  /** In the key's type, or in float32 from the beginning where that does not hold the logits. */
  private static Labelling labelled(
      Predictor teacher,
      Examples examples,
      LabelKey key,
      Path target,
      int batch,
      ProgressListener listener)
      throws IOException {
    if (key.type() == DType.FLOAT16
        && !LabelFile.isBegun(target, header(key, DType.FLOAT32, examples.data()))) {
      try {
        return new Labeller(teacher, examples, DType.FLOAT16, batch, listener).label(target, key);
      } catch (BeyondFloat16 e) {
        listener.note("labels: " + e.getMessage() + "; all are kept in float32");
      }
    }
    return new Labeller(teacher, examples, DType.FLOAT32, batch, listener).label(target, key);
  }

  /** A logit that float16 does not hold. */
  private static final class BeyondFloat16 extends RuntimeException {
    private static final long serialVersionUID = 1;

    BeyondFloat16(String message) {
      super(message, null, false, false);
    }
  }

  private static SafetensorsHeader header(LabelKey key, DType type, Dataset data) {
    return SoftLabels.header(key, type, data.size(), data.classes().size());
  }

  private static Labelling reuse(Path target, LabelKey key) throws IOException {
    long start = System.nanoTime();
    SoftLabels labels = SoftLabels.open(target, key);
    LabelFile.deleteNotes(target);
    return new Labelling(labels.size(), 0, secondsSince(start), 0, true);
  }

  private Labelling label(Path target, LabelKey key) throws IOException {
    Files.createDirectories(target.toAbsolutePath().getParent());
    SafetensorsHeader header = header(key, type, data);
    requireRoom(target, header.fileSize());
    int rows = Math.multiplyExact(BATCHES_PER_CHUNK, batch);
    String sha256 = Sha256.of(header.toBytes());
    ChunkChecksums plan = new ChunkChecksums(sha256, data.size(), rows, batch, List.of(), "");
    long start = System.nanoTime();
    try (LabelFile file = LabelFile.open(target, header, plan)) {
      long from = file.rows();
      listener.begin("labelling", data.size(), "examples");
      String summary = "given up";
      try {
        labelFrom(from, file);
        file.finish();
        double seconds = secondsSince(start);
        double speed = (data.size() - from) / seconds;
        summary =
            String.format(
                Locale.ROOT, "%d examples in %.1f s, %.0f per second", data.size(), seconds, speed);
        return new Labelling(data.size(), from, seconds, speed, false);
      } finally {
        listener.end(summary);
      }
    }
  }

  /** A disk that is full at the end of a long run is better found full at its start. */
  private static void requireRoom(Path target, long bytes) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    long room = Files.getFileStore(folder).getUsableSpace();
    Path part = target.resolveSibling(target.getFileName() + ".part");
    long there = Files.isRegularFile(part) ? Files.size(part) : 0;
    if (bytes - there > room) {
      throw new RunFault(
          "%s: %s bytes (expected: at most the %s that are free in %s); free space or choose another folder"
              .formatted(target, bytes, room, folder));
    }
  }

  private void labelFrom(long from, LabelFile file) throws IOException {
    long start = System.nanoTime();
    chunk.clear();
    new TeacherForward(teacher, examples, batch)
        .forEach(
            from,
            (first, count, logits) -> {
              encode(first, count, logits);
              long done = first + count;
              if (!chunk.hasRemaining() || done == data.size()) {
                file.append(chunk.flip());
                chunk.clear();
              }
              listener.advance(done, Map.of("examples/s", (done - from) / secondsSince(start)));
            });
  }

  private void encode(long firstExample, int count, FloatBuffer logits) {
    int classes = data.classes().size();
    boolean isCentred = type == DType.FLOAT16 && data.task() == TaskType.SINGLE_LABEL;
    for (int i = 0; i < count; i++) {
      float largest = Float.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        float logit = logits.get(i * classes + c);
        if (!Float.isFinite(logit)) {
          throw new RunFault(
              "teacher logit of %s: %s (expected: finite; the teacher or its preprocessing is wrong)"
                  .formatted(named(firstExample + i, c), logit));
        }
        largest = Math.max(largest, logit);
      }
      for (int c = 0; c < classes; c++) {
        float logit = logits.get(i * classes + c) - (isCentred ? largest : 0);
        if (type == DType.FLOAT32) {
          chunk.putFloat(logit);
        } else {
          chunk.putShort(half(logit, firstExample + i, c));
        }
      }
    }
  }

  private short half(float logit, long example, int c) {
    short half = Float16.fromFloat(logit);
    if (!Float.isFinite(Float16.toFloat(half))) {
      throw new BeyondFloat16(
          "a logit of %s is %s, beyond the 65504 of float16"
              .formatted(
                  named(example, c),
                  data.task() == TaskType.SINGLE_LABEL
                      ? -logit + " below the largest"
                      : Float.toString(logit)));
    }
    return half;
  }

  private String named(long example, int c) {
    return "example %s of data '%s', class '%s'"
        .formatted(example, data.name(), data.classes().get(c));
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
