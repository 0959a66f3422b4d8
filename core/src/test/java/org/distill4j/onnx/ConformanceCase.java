package org.distill4j.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtException;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.tensor.HostTensor;

/**
 * A model with what it must give, from ONNX's backend tests.
 *
 * @param name such as {@code node/test_add}
 * @param files contents by path within the case
 */
public record ConformanceCase(String name, Map<String, byte[]> files) {
  private static final double RELATIVE = 1e-3; // the tolerances of onnx/backend/test/runner
  private static final double ABSOLUTE = 1e-7;

  /** Hands on the archive's cases one after the other, in alphabetical order. */
  public static void forEach(Path archive, Consumer<ConformanceCase> each) throws IOException {
    Map<String, Map<String, byte[]>> cases = new TreeMap<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(archive));
        TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(in))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        String[] parts = e.getName().split("/", 4); // data/node/test_add/model.onnx
        if (e.isFile() && parts.length == 4) {
          cases
              .computeIfAbsent(parts[1] + "/" + parts[2], k -> new TreeMap<>())
              .put(parts[3], tar.readAllBytes());
        }
      }
    }
    cases.values().removeIf(files -> !files.containsKey("model.onnx"));
    cases.forEach((name, files) -> each.accept(new ConformanceCase(name, files)));
  }

  /** The file. */
  public byte[] model() {
    return files.get("model.onnx");
  }

  /** The file's version of ONNX's own operators. */
  int opset() {
    return ModelParser.parse(ByteString.copyFrom(model()), source()).opset();
  }

  /** The names of its sets of inputs and outputs. */
  public List<String> sets() {
    return files.keySet().stream()
        .filter(path -> path.contains("/"))
        .map(path -> path.substring(0, path.indexOf('/')))
        .distinct()
        .toList();
  }

  /** What a graph gives for a set; inputs that the Java API does not take become constants. */
  List<HostTensor> outputs(Graph graph, String set) throws OrtException {
    Map<String, HostTensor> fed = new LinkedHashMap<>();
    Map<String, HostTensor> constants = new LinkedHashMap<>(graph.initializers());
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < graph.inputs().size(); i++) {
      HostTensor value = tensor(input(set, i));
      Value input = graph.inputs().get(i);
      if (Ort.takes(value.type())) {
        fed.put(input.name(), value);
        inputs.add(input);
      } else {
        constants.put(input.name(), value);
      }
    }
    Graph run =
        new Graph(
            graph.name(), inputs, graph.outputs(), graph.nodes(), constants, graph.metadata());
    return Ort.run(OnnxWriter.toBytes(run), fed);
  }

  /** {@link #outputs} of the file as it is. */
  List<HostTensor> outputsOfOriginal(List<Value> inputs, String set) throws OrtException {
    Map<String, HostTensor> fed = new LinkedHashMap<>();
    try {
      ModelProto.Builder model = ModelProto.parseFrom(model()).toBuilder();
      for (int i = 0; i < inputs.size(); i++) {
        String name = inputs.get(i).name();
        HostTensor value = tensor(input(set, i));
        if (Ort.takes(value.type())) {
          fed.put(name, value);
        } else {
          TensorProto stored = TensorProto.parseFrom(files.get(input(set, i)));
          makeConstant(model.getGraphBuilder(), stored.toBuilder().setName(name).build());
        }
      }
      return Ort.run(model.build().toByteArray(), fed);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(name, e);
    }
  }

  private static void makeConstant(GraphProto.Builder graph, TensorProto value) {
    graph.addInitializer(value);
    for (int i = graph.getInputCount() - 1; i >= 0; i--) {
      if (graph.getInput(i).getName().equals(value.getName())) {
        graph.removeInput(i);
      }
    }
  }

  /** The outputs that the archive has for a set. */
  List<HostTensor> stored(String set) {
    List<HostTensor> stored = new ArrayList<>();
    for (int i = 0; files.containsKey(set + "/output_" + i + ".pb"); i++) {
      stored.add(tensor(set + "/output_" + i + ".pb"));
    }
    return stored;
  }

  private static String input(String set, int i) {
    return set + "/input_" + i + ".pb";
  }

  /** A stored array by its path within the case. */
  public HostTensor tensor(String path) {
    return TensorParser.tensor(ByteString.copyFrom(files.get(path)), path, source());
  }

  private ModelSource source() {
    return new ModelSource(name, Optional.empty());
  }

  /** The first difference beyond the tolerances; not-a-number equals itself. */
  static Optional<String> difference(List<HostTensor> got, List<HostTensor> expected) {
    if (got.size() != expected.size()) {
      return Optional.of(got.size() + " outputs, not " + expected.size());
    }
    for (int i = 0; i < got.size(); i++) {
      HostTensor a = got.get(i);
      HostTensor b = expected.get(i);
      if (a.type() != b.type() || !a.shape().equals(b.shape())) {
        return Optional.of("output " + i + " is " + a + ", not " + b);
      }
      double[] x = a.toDoubles();
      double[] y = b.toDoubles();
      for (int j = 0; j < x.length; j++) {
        if (!isClose(x[j], y[j])) {
          return Optional.of("output " + i + " element " + j + " is " + x[j] + ", not " + y[j]);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isClose(double got, double expected) {
    return Double.compare(got, expected) == 0
        || Math.abs(got - expected) <= ABSOLUTE + RELATIVE * Math.abs(expected);
  }
}
