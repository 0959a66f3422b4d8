package org.distill4j.distill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.fault.RunFault;
import org.distill4j.progress.Epoch;
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
 * @param state what {@link org.distill4j.engine.Training#state} gave
 * @param best the initializers of the best epoch so far; empty where none is kept
 */
record Checkpoint(
    String key, List<Epoch> epochs, Map<String, HostTensor> state, Map<String, HostTensor> best) {
  private static final String STATE = "state/";
  private static final String BEST = "best/";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Takes copies. */
  Checkpoint {
    epochs = epochs.stream().map(Checkpoint::untimed).toList();
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
    metadata.put("key", key);
    metadata.put("epochs", json(epochs));
    SafetensorsWriter.write(file, "checkpoint", arrays, metadata);
  }

  private static String json(List<Epoch> epochs) {
    try {
      return JSON.writeValueAsString(epochs);
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
  static Optional<Checkpoint> read(Path file, String key) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    SafetensorsFile saved = SafetensorsFile.open(file);
    if (!key.equals(saved.metadata().get("key"))) {
      throw new RunFault(
          file
              + ": is the checkpoint of another training (expected: the same net, data, settings, seed and threads);"
              + " delete it or name another file");
    }
    Map<String, HostTensor> state = new LinkedHashMap<>();
    Map<String, HostTensor> best = new LinkedHashMap<>();
    for (String name : saved.names()) {
      if (name.startsWith(STATE)) {
        state.put(name.substring(STATE.length()), saved.tensor(name));
      } else if (name.startsWith(BEST)) {
        best.put(name.substring(BEST.length()), saved.tensor(name));
      }
    }
    try {
      List<Epoch> epochs =
          JSON.readValue(saved.metadata().get("epochs"), new TypeReference<List<Epoch>>() {});
      return Optional.of(new Checkpoint(key, epochs, state, best));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new RunFault(file + ": its list of epochs cannot be read; delete it to train anew", e);
    }
  }
}
