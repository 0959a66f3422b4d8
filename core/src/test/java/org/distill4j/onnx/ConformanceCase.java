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
record ConformanceCase(String name, Map<String, byte[]> files) {
  private static final double RELATIVE = 1e-3; // the tolerances of onnx/backend/test/runner
  private static final double ABSOLUTE = 1e-7;

  /** Hands on the archive's cases one after the other, in alphabetical order. */
  static void forEach(Path archive, Consumer<ConformanceCase> each) throws IOException {
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

  byte[] model() {
    return files.get("model.onnx");
  }

  /** The file's version of ONNX's own operators. */
  int opset() {
    Source source = new Source(name, Optional.empty());
    return ModelParser.parse(ByteString.copyFrom(model()), source).opset();
  }

  /** How a run failed; empty if every output is as stored. */
  Optional<String> failure(Graph graph) {
    for (String set : sets()) {
      Map<String, HostTensor> fed = new LinkedHashMap<>();
      Map<String, HostTensor> initializers = new LinkedHashMap<>(graph.initializers());
      List<Value> inputs = new ArrayList<>();
      for (int i = 0; i < graph.inputs().size(); i++) {
        HostTensor value = tensor(set + "/input_" + i + ".pb");
        Value input = graph.inputs().get(i);
        boolean feeds = Ort.takes(value.type());
        (feeds ? fed : initializers).put(input.name(), value);
        if (feeds) {
          inputs.add(input);
        }
      }
      Graph run =
          new Graph(
              graph.name(), inputs, graph.outputs(), graph.nodes(), initializers, graph.metadata());
      Optional<String> failure = failure(set, OnnxWriter.toBytes(run), fed);
      if (failure.isPresent()) {
        return failure;
      }
    }
    return Optional.empty();
  }

  /** {@link #failure(Graph)} of the file as it is. */
  Optional<String> failureOfOriginal(List<Value> inputs) throws InvalidProtocolBufferException {
    for (String set : sets()) {
      Map<String, HostTensor> fed = new LinkedHashMap<>();
      ModelProto.Builder model = ModelProto.parseFrom(model()).toBuilder();
      GraphProto.Builder graph = model.getGraphBuilder();
      for (int i = 0; i < inputs.size(); i++) {
        String name = inputs.get(i).name();
        HostTensor value = tensor(set + "/input_" + i + ".pb");
        if (Ort.takes(value.type())) {
          fed.put(name, value);
        } else {
          graph.addInitializer(
              TensorProto.parseFrom(files.get(set + "/input_" + i + ".pb")).toBuilder()
                  .setName(name));
          for (int j = graph.getInputCount() - 1; j >= 0; j--) {
            if (graph.getInput(j).getName().equals(name)) {
              graph.removeInput(j);
            }
          }
        }
      }
      Optional<String> failure = failure(set, model.build().toByteArray(), fed);
      if (failure.isPresent()) {
        return failure;
      }
    }
    return Optional.empty();
  }

  private List<String> sets() {
    return files.keySet().stream()
        .filter(path -> path.contains("/"))
        .map(path -> path.substring(0, path.indexOf('/')))
        .distinct()
        .toList();
  }

  private HostTensor tensor(String path) {
    return TensorParser.tensor(
        ByteString.copyFrom(files.get(path)), path, new Source(name, Optional.empty()));
  }

  private Optional<String> failure(String set, byte[] model, Map<String, HostTensor> fed) {
    List<HostTensor> results;
    try {
      results = Ort.run(model, fed);
    } catch (OrtException e) {
      return Optional.of(e.getMessage().lines().findFirst().orElse(""));
    }
    for (int i = 0; i < results.size(); i++) {
      if (!files.containsKey(set + "/output_" + i + ".pb")) {
        return Optional.of("no stored output " + i);
      }
      HostTensor stored = tensor(set + "/output_" + i + ".pb");
      if (!results.get(i).type().equals(stored.type())
          || !results.get(i).shape().equals(stored.shape())) {
        return Optional.of("output " + i + " is " + results.get(i) + ", stored " + stored);
      }
      double[] got = results.get(i).toDoubles();
      double[] expected = stored.toDoubles();
      for (int j = 0; j < got.length; j++) {
        if (!isClose(got[j], expected[j])) {
          return Optional.of(
              "output " + i + " element " + j + " is " + got[j] + ", stored " + expected[j]);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isClose(double got, double stored) {
    return Double.compare(got, stored) == 0
        || Math.abs(got - stored) <= ABSOLUTE + RELATIVE * Math.abs(stored);
  }
}
