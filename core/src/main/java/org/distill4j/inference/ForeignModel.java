package org.distill4j.inference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.onnx.FileNode;
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
 * @param beside whether it lies in the folder of the model that names it
 */
public record ForeignModel(
    Path file, String signature, String sha256, boolean logarithm, boolean beside) {
  /** The files that somebody named in this process, by their content. */
  private static final Map<String, Path> NAMED = new ConcurrentHashMap<>();

  /** What a graph stands for, if it does. */
  public static Optional<ForeignModel> of(Graph graph) {
    return graph.nodes().stream()
        .filter(n -> n.domain().equals(FileNode.DOMAIN) && n.op().equals(FileNode.OP))
        .findFirst()
        .map(
            n ->
                new ForeignModel(
                    Path.of(n.textAttribute(FileNode.PATH, "")),
                    n.textAttribute("signature", ""),
                    n.textAttribute("sha256", ""),
                    n.intAttribute("logarithm", 0) != 0,
                    n.intAttribute(FileNode.BESIDE, 0) != 0));
  }

  /** What stands for a file as it is now, which somebody has named. */
  public static ForeignModel of(Path file, String signature, boolean logarithm) {
    Path path = file.toAbsolutePath().normalize();
    String sha256 = digest(path);
    NAMED.put(sha256, path);
    return new ForeignModel(path, signature, sha256, logarithm, false);
  }

  /**
   * The same model, in a file that may be opened: a model can name any file, but only one that lies
   * beside it, or that somebody has named himself, is looked at.
   *
   * @param name of the model in messages
   * @throws InputFault if it is neither
   */
  ForeignModel openable(String name) {
    Path named = NAMED.get(sha256);
    if (named == null && !beside && !NAMED.containsValue(file)) {
      throw new InputFault(
          "model '%s': stands for the file '%s', which lies outside its folder (expected: one beside it, or one that you name); give that file itself"
              .formatted(name, file));
    }
    return named == null ? this : new ForeignModel(named, signature, sha256, logarithm, beside);
  }

  /** The graph. */
  public Graph graph(List<Value> inputs, List<Value> outputs, Map<String, String> metadata) {
    Node node =
        new Node(
            "file",
            FileNode.DOMAIN,
            FileNode.OP,
            inputs.stream().map(Value::name).toList(),
            outputs.stream().map(Value::name).toList(),
            Map.of(
                FileNode.PATH,
                Attribute.of(file.toString()),
                "signature",
                Attribute.of(signature),
                "sha256",
                Attribute.of(sha256),
                "logarithm",
                Attribute.of(logarithm ? 1 : 0)));
    return new Graph(
        file.getFileName().toString(), inputs, outputs, List.of(node), Map.of(), metadata);
  }

  /** The same file, whose answers are given as they are. */
  public ForeignModel plain() {
    return new ForeignModel(file, signature, sha256, false, beside);
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

  private static String digest(Path path) {
    Sha256 sha = new Sha256();
    files(path).forEach((name, each) -> sha.add(name).add(Sha256.of(each)));
    return sha.hex();
  }

  /** All files by their names from there, in alphabetical order. */
  private static Map<String, Path> files(Path root) {
    if (Files.isRegularFile(root)) {
      return Map.of("", root);
    }
    try (Stream<Path> all = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
      Map<String, Path> files = new LinkedHashMap<>();
      all.filter(Files::isRegularFile)
          .sorted()
          .forEach(f -> files.put(root.relativize(f).toString().replace('\\', '/'), f));
      return files;
    } catch (UncheckedIOException e) { // such as links in a circle
      throw new InputFault(root + ": cannot be read: " + AtomicFile.reason(e.getCause()), e);
    } catch (IOException e) {
      throw new InputFault(root + ": cannot be read: " + AtomicFile.reason(e), e);
    }
  }
}
