package org.distill4j.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.distill4j.storage.MappedFile;

/**
 * The stretch of a file beside the model that an array lies in. It must be inside the model's own
 * folder, or in that of the file which the model's name is a link to, symbolic links resolved, so
 * that a model cannot make its reader open other files.
 *
 * @param file the file, resolved
 * @param offset where the array begins, in bytes
 * @param length how long it is, in bytes; -1 if the model does not say
 */
record ExternalData(Path file, long offset, long length, String label, ModelSource source) {
  /**
   * Reads the entries {@code location}, {@code offset} and {@code length}.
   *
   * @param label names the array in faults
   */
  static ExternalData of(Map<String, String> entries, String label, ModelSource source) {
    Path folder =
        source
            .folder()
            .orElseThrow(
                () ->
                    source.fault(
                        label
                            + ": lies in another file, but the model was read from memory"
                            + " (expected: a model file on disk)"));
    String location = entries.getOrDefault("location", "");
    return new ExternalData(
        resolve(folder, location, label, source),
        number(entries, "offset", 0, label, source),
        number(entries, "length", -1, label, source),
        label,
        source);
  }

  private static Path resolve(Path folder, String location, String label, ModelSource source) {
    String fault =
        label
            + ": external data '"
            + location
            + "' (expected: a relative path to a file inside the model's folder)";
    try {
      Path relative = Path.of(location);
      Path file = folder.resolve(relative).normalize();
      source.require(
          !location.isBlank() && !relative.isAbsolute() && file.startsWith(folder.normalize()),
          fault);
      source.require(
          Files.isRegularFile(file), fault + "; it is not there, copy it beside the model");
      source.require(source.isBeside(file.toRealPath()), fault);
      return file;
    } catch (InvalidPathException | IOException e) {
      throw source.fault(fault, e);
    }
  }

  private static long number(
      Map<String, String> entries, String key, long otherwise, String label, ModelSource source) {
    String text = entries.get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      long value = Long.parseLong(text.trim());
      source.require(
          value >= 0, label + ": external data " + key + " " + text + " (expected: >= 0)");
      return value;
    } catch (NumberFormatException e) {
      throw source.fault(
          label + ": external data " + key + " '" + text + "' (expected: a number)", e);
    }
  }

  /**
   * The mapped bytes.
   *
   * @param expected how many the array's shape asks for, less than 2 GB
   */
  ByteBuffer bytes(long expected) {
    source.require(
        length == -1 || length == expected,
        label + ": external data has " + length + " bytes (expected: " + expected + ")");
    long size;
    try {
      size = Files.size(file);
    } catch (IOException e) {
      throw source.fault(label + ": external data '" + file + "' cannot be read", e);
    }
    source.require(
        offset <= size - expected,
        label
            + ": external data needs bytes "
            + offset
            + " + "
            + expected
            + " of '"
            + file.getFileName()
            + "' (expected: within its "
            + size
            + "); copy it again");
    source.uses(file);
    return MappedFile.stretch(file, offset, (int) expected);
  }
}
