package org.distill4j.safetensors;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Value;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Failpoint;
import org.distill4j.tensor.HostTensor;

/** A writer of safetensors files; the same arrays and texts give the same bytes. */
public final class SafetensorsWriter {
  private SafetensorsWriter() {}

  /**
   * Writes the file whole or not at all.
   *
   * @param label names the failpoints, as in {@link AtomicFile#write}, and {@code <label>-half}
   *     after half of the arrays
   * @param arrays by name, in any order
   * @param metadata texts by key, in any order
   * @throws RunFault if the disk refuses
   */
  public static void write(
      Path target, String label, Map<String, HostTensor> arrays, Map<String, String> metadata) {
    List<Value> values =
        arrays.entrySet().stream()
            .map(e -> new Value(e.getKey(), e.getValue().type(), e.getValue().shape()))
            .toList();
    SafetensorsHeader header = SafetensorsHeader.of(values, metadata);
    AtomicFile.write(
        target,
        label,
        channel -> {
          AtomicFile.writeFully(channel, ByteBuffer.wrap(header.toBytes()));
          List<SafetensorsHeader.Entry> entries = header.entries();
          for (int i = 0; i < entries.size(); i++) {
            if (i == entries.size() / 2) {
              Failpoint.visit(label + "-half");
            }
            AtomicFile.writeFully(channel, arrays.get(entries.get(i).name()).bytes());
          }
        });
  }
}
