package org.distill4j.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.distill4j.cli.options.JsonOutput;
import org.distill4j.fault.RunFault;
import org.distill4j.records.Example;
import org.distill4j.records.RecordFile;
import org.distill4j.records.RecordWriter;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.UserCache;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How fast TFRecord files are read from the page cache on one thread. */
@Command(
    name = "records",
    mixinStandardHelpOptions = true,
    description =
        "Writes a TFRecord file of floats and reads it from the page cache; prints one JSON line.",
    footer = {"", "Example: ./distill4j bench records --mb 512"})
final class RecordsBench implements Callable<Integer> {
  private static final int FLOATS = 784;
  private static final int ROUNDS = 5;

  @Option(names = "--mb", defaultValue = "512", description = "Size in MB; 512 if left out.")
  private int megabytes;

  @Spec private CommandSpec spec;

  /**
   * What was measured; medians of the rounds after the first.
   *
   * @param checkedMbPerS framing and checksums
   * @param parsedMbPerS the same, and every example's features as arrays
   */
  record Speed(int records, double mb, double checkedMbPerS, double parsedMbPerS) {}

  @Override
  public Integer call() {
    if (megabytes < 1) {
      throw new ParameterException(spec.commandLine(), "--mb: " + megabytes + " (expected: >= 1)");
    }
    Path file = null;
    try {
      file = UserCache.scratch("records").resolve("bench.tfrecord");
      write(file);
      spec.commandLine().getOut().println(JsonOutput.line(measure(file)));
      return 0;
    } catch (IOException e) {
      throw new RunFault(
          "bench records: "
              + AtomicFile.reason(e)
              + " (expected: room for "
              + megabytes
              + " MB in the temporary folder)",
          e);
    } finally {
      delete(file);
    }
  }

  private static void delete(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }

  private void write(Path file) throws IOException {
    ByteBuffer example = example();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      RecordWriter writer = new RecordWriter(channel);
      for (long bytes = 0; bytes < 1_000_000L * megabytes; bytes += example.limit()) {
        writer.write(example.duplicate());
      }
    }
  }

  /** {@code Example {features {feature {"x": float_list}}}}, from the inside out. */
  private static ByteBuffer example() {
    ByteBuffer floats = ByteBuffer.allocate(4 * FLOATS).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < FLOATS; i++) {
      floats.putFloat(i / (float) FLOATS);
    }
    byte[] list = field(1, floats.array());
    byte[] feature = field(2, list);
    byte[] name = field(1, new byte[] {'x'});
    byte[] value = field(2, feature);
    byte[] entry = ByteBuffer.allocate(name.length + value.length).put(name).put(value).array();
    return ByteBuffer.wrap(field(1, field(1, entry)));
  }

  /** A tag, the length in base 128, the content. */
  private static byte[] field(int number, byte[] content) {
    ByteBuffer field = ByteBuffer.allocate(content.length + 6);
    field.put((byte) (number << 3 | 2));
    int length = content.length;
    for (; length >= 0x80; length >>= 7) {
      field.put((byte) ((length & 0x7f) | 0x80));
    }
    field.put((byte) length).put(content).flip();
    byte[] bytes = new byte[field.remaining()];
    field.get(bytes);
    return bytes;
  }

  private static Speed measure(Path file) throws IOException {
    double[] checked = new double[ROUNDS];
    double[] parsed = new double[ROUNDS];
    double mb = Files.size(file) / 1e6;
    int records = 0;
    for (int round = 0; round <= ROUNDS; round++) {
      long start = System.nanoTime();
      RecordFile opened = RecordFile.open(file);
      long between = System.nanoTime();
      records = opened.count();
      for (int i = 0; i < records; i++) {
        Example.read(opened.record(i), "record");
      }
      if (round > 0) {
        checked[round - 1] = mb / ((between - start) / 1e9);
        parsed[round - 1] = mb / ((System.nanoTime() - start) / 1e9);
      }
    }
    Arrays.sort(checked);
    Arrays.sort(parsed);
    return new Speed(records, mb, checked[ROUNDS / 2], parsed[ROUNDS / 2]);
  }
}
