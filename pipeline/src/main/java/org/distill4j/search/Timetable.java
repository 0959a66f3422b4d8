package org.distill4j.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.distill4j.storage.AtomicFile;

/**
 * How long a net is trained on, chosen once from the time of its steps and kept in a file: what is
 * cut off goes on by it.
 *
 * @param key the digest of what is trained on what
 * @param epochs at least 1
 * @param stepsPerEpoch at least 1; fewer than a pass over the examples where that takes long, as
 *     what is cut off loses an epoch at most
 * @param secondsPerEpoch as measured, validation included
 */
record Timetable(String key, int epochs, long stepsPerEpoch, double secondsPerEpoch) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "timetable.json";
  private static final double LONGEST_EPOCH = 60; // seconds
  private static final double EPOCHS = 4; // at least so many, as a rate that falls has to arrive

  /**
   * As many steps as fit, but no more than are wanted.
   *
   * @param wanted steps
   * @param pass how many steps see every example once
   * @param step seconds of a step
   * @param validation seconds of each epoch's end
   * @param seconds that all may take
   */
  static Timetable of(
      String key, long wanted, long pass, double step, double validation, double seconds) {
    double longest = Math.min(LONGEST_EPOCH, seconds / EPOCHS) - validation;
    long perEpoch = Math.max(1, Math.min(Math.min(pass, wanted), (long) (longest / step)));
    double each = perEpoch * step + validation;
    long epochs = Math.min((wanted + perEpoch - 1) / perEpoch, (long) (seconds / each));
    return new Timetable(key, (int) Math.max(1, epochs), perEpoch, each);
  }

  long steps() {
    return epochs * stepsPerEpoch;
  }

  /** What an earlier search chose for the same. */
  static Optional<Timetable> read(Path folder, String key) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(file.toFile(), Timetable.class))
          .filter(t -> t.key().equals(key));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  void write(Path folder) {
    try {
      AtomicFile.write(folder.resolve(FILE), "timetable", JSON.writeValueAsString(this));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
