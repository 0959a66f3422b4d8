package org.distill4j.distill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.progress.Epoch;
import org.distill4j.progress.LayerHealth;
import org.distill4j.safetensors.SafetensorsFile;
import org.distill4j.safetensors.SafetensorsWriter;
import org.distill4j.tensor.HostTensor;

/**
 * All that a cut-off training needs to go on after its last whole epoch, as one safetensors file.
 *
 * <p>Timings are left out: two trainings that do the same write the same bytes.
 *
 * @param key the digest of what is trained on what and how
 * @param epochs what each epoch brought, without seconds
 * @param health how the layers were, for each epoch that was looked at
 * @param state what {@link org.distill4j.engine.Training#state} gave
 * @param best the initializers of the best epoch so far; empty where none is kept
 */
record TrainingCheckpoint(
    String key,
    List<Epoch> epochs,
    List<LayerHealth.OfEpoch> health,
    Map<String, HostTensor> state,
    Map<String, HostTensor> best) {
  private static final String STATE = "state/";
  private static final String BEST = "best/";
  private static final String KEY = "key";
  private static final String EPOCHS = "epochs";
  private static final String HEALTH = "health";
  private static final String CHECKSUM = "crc32c";
  private static final String WAY_OUT = "; delete it to train anew";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Takes copies. */
  TrainingCheckpoint {
    epochs = epochs.stream().map(TrainingCheckpoint::untimed).toList();
    health = List.copyOf(health);
  }

  private static Epoch untimed(Epoch e) {
    return new Epoch(
        e.epoch(),
        e.step(),
        e.trainLoss(),
        e.trainAccuracy(),
        e.validationLoss(),
        e.validationAccuracy(),
        e.rate(),
        Double.NaN);
  }

  /** Writes it whole or not at all. */
  void write(Path file) {
    Map<String, HostTensor> arrays = new LinkedHashMap<>();
    state.forEach((name, array) -> arrays.put(STATE + name, array));
    best.forEach((name, array) -> arrays.put(BEST + name, array));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(KEY, key);
    metadata.put(EPOCHS, json(epochs));
    if (!health.isEmpty()) {
      metadata.put(HEALTH, json(health));
    }
    metadata.put(CHECKSUM, checksum(key, told(metadata), arrays));
    SafetensorsWriter.write(file, "checkpoint", arrays, metadata);
  }

  private static String told(Map<String, String> metadata) {
    return metadata.getOrDefault(EPOCHS, "") + metadata.getOrDefault(HEALTH, "");
  }

  /** The CRC-32C of everything, arrays in the order of their names; 8 hex digits. */
  private static String checksum(String key, String told, Map<String, HostTensor> arrays) {
    CRC32C crc = new CRC32C();
    crc.update((key + "\n" + told + "\n").getBytes(StandardCharsets.UTF_8));
    new TreeMap<>(arrays)
        .forEach(
            (name, array) -> {
              crc.update((name + " " + array.shape() + "\n").getBytes(StandardCharsets.UTF_8));
              crc.update(array.bytes());
            });
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  private static String json(List<?> list) {
    try {
      return JSON.writeValueAsString(list);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Reads the checkpoint of a training, if there is one.
   *
   * @param key what the training's own digest is
   * @throws RunFault if the file is damaged or belongs to another training
   */
  static Optional<TrainingCheckpoint> read(Path file, String key) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    SafetensorsFile saved = open(file);
    String epochs = saved.metadata().getOrDefault(EPOCHS, "");
    Map<String, HostTensor> arrays = new LinkedHashMap<>();
    saved.names().forEach(name -> arrays.put(name, saved.tensor(name)));
    if (!checksum(saved.metadata().getOrDefault(KEY, ""), told(saved.metadata()), arrays)
        .equals(saved.metadata().get(CHECKSUM))) {
      throw new RunFault(file + ": is damaged (expected: content of its checksum)" + WAY_OUT);
    }
    if (!key.equals(saved.metadata().get(KEY))) {
      throw new RunFault(
          file
              + ": is the checkpoint of another training (expected: the same net, data, settings, seed and threads);"
              + " delete it or name another file");
    }
    try {
      return Optional.of(
          new TrainingCheckpoint(
              key,
              JSON.readValue(epochs, new TypeReference<List<Epoch>>() {}),
              JSON.readValue(
                  saved.metadata().getOrDefault(HEALTH, "[]"),
                  new TypeReference<List<LayerHealth.OfEpoch>>() {}),
              below(STATE, arrays),
              below(BEST, arrays)));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new RunFault(file + ": its list of epochs cannot be read" + WAY_OUT, e);
    }
  }

  private static SafetensorsFile open(Path file) {
    try {
      return SafetensorsFile.open(file);
    } catch (InputFault e) {
      throw new RunFault(e.getMessage() + WAY_OUT, e);
    }
  }

  private static Map<String, HostTensor> below(String prefix, Map<String, HostTensor> arrays) {
    Map<String, HostTensor> found = new LinkedHashMap<>();
    arrays.forEach(
        (name, array) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), array);
          }
        });
    return found;
  }
}
