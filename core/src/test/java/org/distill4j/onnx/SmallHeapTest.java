package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedOutputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files made to exhaust memory, read by a process whose heap is as large as the file. */
class SmallHeapTest {
  private static final int FILE_BYTES = 16 << 20;
  private static final String HEAP = "-Xmx16m";

  @TempDir Path folder;

  /** Reads each file and prints its fault, or how many nodes it has. */
  public static final class Reader {
    private Reader() {}

    public static void main(String[] files) {
      for (String file : files) {
        try {
          Graph graph = OnnxReader.read(Path.of(file));
          System.out.println(graph.nodes().size() + " nodes, " + graph.initializers().size());
        } catch (InputFault e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }

  @Test
  void read_filesThatAskForMoreThanTheHeap_areRefused() throws Exception {
    Map<String, String> expected = new LinkedHashMap<>();
    write("raw", expected, "0 nodes, 1", SmallHeapTest::rawInitializer);
    write("nodes", expected, "has no operator", out -> fill(out, GraphProto.NODE_FIELD_NUMBER, 0));
    write(
        "values",
        expected,
        "asks for more than",
        out ->
            repeat(
                out,
                GraphProto.VALUE_INFO_FIELD_NUMBER,
                Protos.value("v", DType.FLOAT32).build().toByteArray()));
    write(
        "numbers",
        expected,
        "asks for more than",
        out -> nested(out, GraphProto.INITIALIZER_FIELD_NUMBER, SmallHeapTest::packedLongs));
    write(
        "claim",
        expected,
        "has 0 bytes (expected: 1099511627776",
        out ->
            nested(
                out,
                GraphProto.INITIALIZER_FIELD_NUMBER,
                tensor -> {
                  tensor.writeString(TensorProto.NAME_FIELD_NUMBER, "w");
                  tensor.writeInt32(TensorProto.DATA_TYPE_FIELD_NUMBER, 3);
                  tensor.writeInt64(TensorProto.DIMS_FIELD_NUMBER, 1L << 40);
                }));
    write(
        "inputs",
        expected,
        "asks for more than",
        out ->
            nested(
                out,
                GraphProto.NODE_FIELD_NUMBER,
                node -> fill(node, NodeProto.INPUT_FIELD_NUMBER, 0)));
    write(
        "attributes",
        expected,
        "asks for more than",
        out ->
            nested(
                out,
                GraphProto.NODE_FIELD_NUMBER,
                node -> fill(node, NodeProto.ATTRIBUTE_FIELD_NUMBER, 0)));
    write("chain", expected, "asks for more than", SmallHeapTest::chain);
    write("integers", expected, "asks for more than", SmallHeapTest::attributeOfIntegers);

    List<String> lines = readInSmallHeap(expected.keySet().stream().toList());
    int i = 0;
    for (String line : expected.values()) {
      assertThat(lines.get(i++)).contains(line);
    }
    assertThat(lines).hasSize(expected.size());
  }

  private interface Content {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /** A file whose graph has the content; its length prefix is right. */
  private void write(String name, Map<String, String> expected, String line, Content content)
      throws IOException {
    Path file = folder.resolve(name + ".onnx");
    try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(file))) {
      CodedOutputStream out = CodedOutputStream.newInstance(stream);
      out.writeInt64(ModelProto.IR_VERSION_FIELD_NUMBER, 7);
      out.writeByteArray(
          ModelProto.OPSET_IMPORT_FIELD_NUMBER, Protos.model(13).getOpsetImport(0).toByteArray());
      nested(
          out,
          ModelProto.GRAPH_FIELD_NUMBER,
          graph -> {
            graph.writeByteArray(
                GraphProto.OUTPUT_FIELD_NUMBER,
                Protos.value("w", DType.INT8).build().toByteArray());
            content.writeTo(graph);
          });
      out.flush();
    }
    expected.put(file.toString(), line);
  }

  private static void nested(CodedOutputStream out, int field, Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream inner = CodedOutputStream.newInstance(bytes);
    content.writeTo(inner);
    inner.flush();
    out.writeByteArray(field, bytes.toByteArray());
  }

  private static void fill(CodedOutputStream out, int field, int length) throws IOException {
    repeat(out, field, new byte[length]);
  }

  private static void repeat(CodedOutputStream out, int field, byte[] message) throws IOException {
    for (int written = 0; written < FILE_BYTES; written += message.length + 2) {
      out.writeByteArray(field, message);
    }
  }

  private static void rawInitializer(CodedOutputStream out) throws IOException {
    nested(
        out,
        GraphProto.INITIALIZER_FIELD_NUMBER,
        tensor -> {
          tensor.writeString(TensorProto.NAME_FIELD_NUMBER, "w");
          tensor.writeInt32(TensorProto.DATA_TYPE_FIELD_NUMBER, 3);
          tensor.writeInt64(TensorProto.DIMS_FIELD_NUMBER, FILE_BYTES);
          tensor.writeByteArray(TensorProto.RAW_DATA_FIELD_NUMBER, new byte[FILE_BYTES]);
        });
  }

  /** Small nodes that are all right. */
  private static void chain(CodedOutputStream graph) throws IOException {
    for (int i = 0; graph.getTotalBytesWritten() < FILE_BYTES; i++) {
      NodeProto.Builder node =
          Protos.node("Neg", List.of(i == 0 ? "w" : "" + i), List.of("" + (i + 1)));
      graph.writeMessage(GraphProto.NODE_FIELD_NUMBER, node.build());
    }
  }

  /** As many zeros as the file has bytes, eight times as large in memory. */
  private static void packedLongs(CodedOutputStream tensor) throws IOException {
    tensor.writeString(TensorProto.NAME_FIELD_NUMBER, "w");
    tensor.writeInt32(TensorProto.DATA_TYPE_FIELD_NUMBER, 7);
    tensor.writeInt64(TensorProto.DIMS_FIELD_NUMBER, FILE_BYTES);
    tensor.writeByteArray(TensorProto.INT64_DATA_FIELD_NUMBER, new byte[FILE_BYTES]);
  }

  private static void attributeOfIntegers(CodedOutputStream out) throws IOException {
    nested(
        out,
        GraphProto.NODE_FIELD_NUMBER,
        node -> {
          node.writeString(NodeProto.OP_TYPE_FIELD_NUMBER, "Constant");
          node.writeString(NodeProto.OUTPUT_FIELD_NUMBER, "c");
          nested(
              node,
              NodeProto.ATTRIBUTE_FIELD_NUMBER,
              attribute -> {
                attribute.writeString(AttributeProto.NAME_FIELD_NUMBER, "value_ints");
                byte[] numbers = new byte[FILE_BYTES];
                Arrays.fill(numbers, (byte) 127);
                attribute.writeByteArray(AttributeProto.INTS_FIELD_NUMBER, numbers);
              });
        });
  }

  private List<String> readInSmallHeap(List<String> files) throws Exception {
    Path log = folder.resolve("log.txt");
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    HEAP,
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Reader.class.getName()),
                files.stream())
            .toList();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    int exit = process.waitFor();
    List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
    assertThat(exit).as(String.join("\n", lines)).isZero();
    return lines;
  }
}
