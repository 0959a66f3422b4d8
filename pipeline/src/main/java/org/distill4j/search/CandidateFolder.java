package org.distill4j.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Sha256;

/**
 * The candidates of a search on disk: {@code <name>/model.onnx} for each, and {@code
 * candidates.json}, written anew after each one. A candidate is there when it stands in the list,
 * under the digest of what the list says of it.
 */
final class CandidateFolder {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Measures a model that lies in a file of so many bytes and that digest. */
  @FunctionalInterface
  interface Measure {
    Candidate of(String file, long bytes, String sha256);
  }

  private static final String LIST = "candidates.json";
  private static final String DIGEST = "digest";

  private final Path folder;
  private final Map<String, Candidate> there = new LinkedHashMap<>();

  private CandidateFolder(Path folder) {
    this.folder = folder;
  }

  /** Opens it, or will create it with its first file; a list that cannot be read counts as none. */
  static CandidateFolder open(Path folder) {
    CandidateFolder opened = new CandidateFolder(folder);
    Path list = folder.resolve(LIST);
    if (Files.isRegularFile(list)) {
      try {
        for (JsonNode said : JSON.readTree(list.toFile())) {
          Optional<ObjectNode> figures = asWritten(said);
          if (figures.isPresent()) {
            Candidate c = JSON.treeToValue(figures.get(), Candidate.class);
            opened.there.put(c.name(), c);
          }
        }
      } catch (IOException | ClassCastException e) {
        opened.there.clear();
      }
    }
    return opened;
  }

  /** Whether a candidate is there that was made from the same, and its file is as it was made. */
  boolean has(String name, String key) {
    Candidate candidate = there.get(name);
    return candidate != null
        && candidate.key().equals(key)
        && path(candidate).toFile().length() == candidate.bytes()
        && Sha256.of(path(candidate)).equals(candidate.sha256());
  }

  /** Takes all candidates out of the list. */
  void clear() {
    there.clear();
  }

  Candidate get(String name) {
    return there.get(name);
  }

  Path path(Candidate candidate) {
    return folder.resolve(candidate.file());
  }

  /**
   * The candidate of a name, measured now unless it is there.
   *
   * @param measure gives it with its figures
   */
  Candidate candidate(String name, String key, Graph model, Measure measure) {
    if (has(name, key)) {
      return get(name);
    }
    String file = name + "/model.onnx";
    Path path = folder.resolve(file);
    try {
      Files.createDirectories(path.getParent());
      if (there.remove(name) != null || Files.exists(path)) {
        writeList(); // a file that is no candidate's yet stands in no list
      }
      OnnxWriter.write(model, path);
      Candidate candidate = measure.of(file, Files.size(path), Sha256.of(path));
      there.put(name, candidate);
      writeList();
      return candidate;
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new InputFault(
          path + ": cannot be written: " + AtomicFile.reason(e) + "; give another --out", e);
    }
  }

  private void writeList() throws JsonProcessingException {
    List<JsonNode> list = new ArrayList<>();
    for (Candidate candidate : there.values()) {
      ObjectNode said = (ObjectNode) JSON.readTree(JSON.writeValueAsString(candidate));
      list.add(said.put(DIGEST, digest(said)));
    }
    AtomicFile.write(folder.resolve(LIST), "candidates", JSON.writeValueAsString(list));
  }

  /**
   * What the list says of a candidate, without its digest; empty where somebody changed a figure.
   * Lists of earlier versions have none and are believed.
   */
  private static Optional<ObjectNode> asWritten(JsonNode said) {
    ObjectNode figures = ((ObjectNode) said).deepCopy();
    JsonNode digest = figures.remove(DIGEST);
    boolean isSame = digest == null || digest.asText().equals(digest(figures));
    return isSame ? Optional.of(figures) : Optional.empty();
  }

  private static String digest(JsonNode said) {
    return Sha256.ofTexts(said.toString());
  }
}
