package org.distill4j.savedmodel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.storage.AtomicFile;

/** The metadata of a SavedModel's folder, where it was made by this library. */
public final class SavedModelFolder {
  private SavedModelFolder() {}

  /** The texts of the model it was made from; empty for one of another make. */
  public static Map<String, String> metadata(Path folder) {
    Map<String, String> texts = new LinkedHashMap<>();
    about(folder)
        .ifPresent(
            about ->
                about
                    .path("metadata")
                    .properties()
                    .forEach(e -> texts.put(e.getKey(), e.getValue().asText())));
    return texts;
  }

  static Optional<JsonNode> about(Path folder) {
    Path file = folder.resolve("assets.extra").resolve("distill4j.json");
    try {
      return Files.exists(file)
          ? Optional.of(new ObjectMapper().readTree(Files.readString(file)))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      throw new InputFault(file + ": is no JSON: " + e.getOriginalMessage() + "; copy it again", e);
    } catch (IOException e) {
      throw new InputFault(file + ": cannot be read: " + AtomicFile.reason(e), e);
    }
  }
}
