package org.distill4j.step;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.distill4j.progress.Epoch;
import org.distill4j.progress.LayerHealth;
import org.distill4j.results.IntegerParity;
import org.distill4j.storage.AtomicFile;

/**
 * What {@code stage.json} says of a stage that is done.
 *
 * @param format the stage's format number; another one means that the artefact has another meaning
 * @param key the digest of inputs, settings and format; the file {@code key} spells them out
 * @param artefact the file's name within the stage's folder
 * @param sha256 the artefact's digest
 * @param seconds how long it took
 * @param epochs what each epoch brought; empty for a stage that does not train
 * @param health how the layers were, for each epoch that was looked at
 * @param result what was found on the way; nothing in a file of version 0.1.0
 * @param parity whether a model of integers says the same wherever it runs; null for others
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(value = "figures", allowGetters = true)
public record StageRecord(
    int format,
    String key,
    String artefact,
    String sha256,
    double seconds,
    List<Epoch> epochs,
    List<LayerHealth.OfEpoch> health,
    StepResult result,
    IntegerParity parity) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Takes copies. */
  public StageRecord {
    epochs = List.copyOf(epochs);
    health = health == null ? List.of() : List.copyOf(health); // older files have none
    result = result == null ? StepResult.NOTHING : result;
  }

  /** What was found, by the names that readers know. */
  @JsonProperty
  public Map<String, Double> figures() {
    return new TreeMap<>(result.figures());
  }

  /** What a training found; empty where nothing was trained. */
  public Optional<TrainingResult> training() {
    return result instanceof TrainingResult found ? Optional.of(found) : Optional.empty();
  }

  /** Reads it; empty if there is none, or none that can be read: then the stage is not done. */
  public static Optional<StageRecord> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(file.toFile(), StageRecord.class));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What the file says. */
  byte[] text() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  void write(Path file) {
    AtomicFile.write(file, "stage", text());
  }
}
