package org.distill4j.inference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Sha256;

/**
 * A foreign model: a graph whose first node stands for a model in a file of another format, and
 * that may do more to its answers. It can be written, read and told apart like any graph; {@link
 * Runtimes} runs it by opening the file.
 *
 * @param file where it lies: a file or a folder
 * @param signature which of its entrances is meant
 * @param sha256 of the whole content
 * @param logarithm whether its outputs are probabilities and their logarithms are given instead:
 *     logits, up to a constant
 */
public record ForeignModel(Path file, String signature, String sha256, boolean logarithm) {
  private static final String DOMAIN = "org.distill4j";
  private static final String OP = "File";

  /** What a graph stands for, if it does. */
  public static Optional<ForeignModel> of(Graph graph) {
    return graph.nodes().stream()
        .filter(n -> n.domain().equals(DOMAIN) && n.op().equals(OP))
        .findFirst()
        .map(
            n ->
                new ForeignModel(
                    Path.of(n.textAttribute("path", "")),
                    n.textAttribute("signature", ""),
                    n.textAttribute("sha256", ""),
                    n.intAttribute("logarithm", 0) != 0));
  }

  /** What stands for a file as it is now. */
  public static ForeignModel of(Path file, String signature, boolean logarithm) {
    return new ForeignModel(file.toAbsolutePath().normalize(), signature, digest(file), logarithm);
  }

  /** The graph. */
  public Graph graph(List<Value> inputs, List<Value> outputs, Map<String, String> metadata) {
    Node node =
        new Node(
            "file",
            DOMAIN,
            OP,
            inputs.stream().map(Value::name).toList(),
            outputs.stream().map(Value::name).toList(),
            Map.of(
                "path", Attribute.of(file.toString()),
                "signature", Attribute.of(signature),
                "sha256", Attribute.of(sha256),
                "logarithm", Attribute.of(logarithm ? 1 : 0)));
    return new Graph(
        file.getFileName().toString(), inputs, outputs, List.of(node), Map.of(), metadata);
  }

  /** The same file, whose answers are given as they are. */
  public ForeignModel plain() {
    return new ForeignModel(file, signature, sha256, false);
  }

  /**
   * Refuses a file that is not what it was.
   *
   * @throws InputFault if it is gone or has other content
   */
  public void requireSame() {
    String found = digest(file);
    if (!found.equals(sha256)) {
      throw new InputFault(
          "%s: sha256 %s (expected: %s, as it was when it was taken); put the old file back"
              .formatted(file, found, sha256));
    }
  }

  /** How many bytes all its files have. */
  public long bytes() {
    return files(file).values().stream().mapToLong(f -> f.toFile().length()).sum();
  }

  private static String digest(Path file) {
    Sha256 sha = new Sha256();
    files(file).forEach((name, each) -> sha.add(name).add(Sha256.of(each)));
    return sha.hex();
  }

  /** All files by their names from there, in alphabetical order. */
  private static Map<String, Path> files(Path root) {
    if (Files.isRegularFile(root)) {
      return Map.of("", root);
    }
    try (Stream<Path> all = Files.walk(root)) {
      Map<String, Path> files = new LinkedHashMap<>();
      all.filter(Files::isRegularFile)
          .sorted()
          .forEach(f -> files.put(root.relativize(f).toString().replace('\\', '/'), f));
      return files;
    } catch (IOException e) {
      throw new InputFault(root + ": cannot be read: " + AtomicFile.reason(e), e);
    }
  }
}
