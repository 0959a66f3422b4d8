package org.distill4j.tfjs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.distill4j.format.Bits;
import org.distill4j.lowered.LoweredGraph;
import org.distill4j.lowered.LoweredPort;
import org.distill4j.lowered.LoweredValue;
import org.distill4j.storage.AtomicFile;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensorflow.Definition;
import org.distill4j.tensorflow.Nodes;
import org.distill4j.tensorflow.Weights;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * A TF.js graph model of a lowered graph: {@code model.json} with the nodes, and the weights in
 * shards of 4 MB.
 *
 * @see <a href="https://github.com/tensorflow/tfjs/tree/master/tfjs-converter">The format's
 *     converter</a>
 */
public final class TfjsModel {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHARD = 4 << 20;

  /** Arrays of fewer elements stay whole: biases, settings. */
  private static final int WORTHWHILE = 64;

  private final ObjectNode model = JSON.createObjectNode();
  private final ArrayNode entries = JSON.createArrayNode();
  private final ByteArrayOutputStream weights = new ByteArrayOutputStream();
  private final Bits bits;

  private TfjsModel(LoweredGraph given, Bits bits) {
    LoweredGraph lowered = given.inRealNumbers();
    this.bits = bits;
    Nodes nodes = new Nodes();
    Map<String, String> inputs = new LinkedHashMap<>();
    for (LoweredPort port : lowered.inputs()) {
      LoweredValue wire = lowered.wire(port.wire());
      inputs.put(
          port.value().name(),
          nodes.add(
              "Placeholder",
              wire.name(),
              Nodes.attributes().type("dtype", wire.type()).shape("shape", wire.shape())));
    }
    Definition definition = Definition.write(lowered, nodes, Weights.NAMED, inputs);
    GraphDef graph = nodes.graph().build();
    model.put("format", "graph-model");
    model.put("generatedBy", "distill4j");
    model.put("convertedBy", "distill4j");
    signature(lowered, inputs, definition.outputs());
    ObjectNode topology = model.putObject("modelTopology");
    ArrayNode all = topology.putArray("node");
    for (NodeDef node : graph.getNodeList()) {
      boolean constant = node.getOp().equals("Const");
      if (constant) {
        weight(node, definition.weights().get(node.getName()));
      }
      all.add(NodeJson.of(node));
    }
    topology.putObject("versions").put("producer", graph.getVersions().getProducer());
    ObjectNode said = model.putObject("userDefinedMetadata");
    said.put("name", lowered.graph().name());
    lowered.graph().metadata().forEach(said::put);
  }

  /** The model of a lowered graph. */
  public static TfjsModel of(LoweredGraph lowered, Bits bits) {
    return new TfjsModel(lowered, bits);
  }

  private void signature(
      LoweredGraph lowered, Map<String, String> inputs, Map<String, String> outputs) {
    ObjectNode signature = model.putObject("signature");
    ObjectNode in = signature.putObject("inputs");
    for (LoweredPort port : lowered.inputs()) {
      end(in, port, inputs.get(port.value().name()), lowered.wire(port.wire()));
    }
    ObjectNode out = signature.putObject("outputs");
    for (LoweredPort port : lowered.outputs()) {
      end(out, port, outputs.get(port.value().name()), lowered.wire(port.wire()));
    }
  }

  private static void end(ObjectNode ends, LoweredPort port, String node, LoweredValue wire) {
    ObjectNode end = ends.putObject(port.value().name());
    end.put("name", node + ":0");
    end.put("dtype", Nodes.dataType(wire.type()).name());
    end.set("tensorShape", NodeJson.shape(Nodes.proto(wire.shape())));
  }

  /** Adds a constant's array and what the manifest says of it. */
  private void weight(NodeDef node, HostTensor stored) {
    HostTensor tensor = stored == null ? NodeJson.value(node) : stored;
    ObjectNode entry = entries.addObject();
    entry.put("name", node.getName());
    ArrayNode shape = entry.putArray("shape");
    for (long size : tensor.shape().sizes()) {
      shape.add(size);
    }
    boolean real = tensor.type() == DType.FLOAT32;
    entry.put("dtype", real ? "float32" : tensor.type() == DType.BOOL ? "bool" : "int32");
    if (real && bits != Bits.ALL && tensor.elements() >= WORTHWHILE) {
      quantized(entry, tensor.toFloats());
    } else {
      put(tensor);
    }
  }

  private void put(HostTensor tensor) {
    if (tensor.type() == DType.INT64) { // the browser has no such numbers
      long[] values = tensor.toLongs();
      ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
      Arrays.stream(values).forEach(v -> bytes.putInt(Math.toIntExact(v)));
      weights.writeBytes(bytes.array());
    } else {
      byte[] bytes = new byte[tensor.bytes().remaining()];
      tensor.bytes().get(bytes);
      weights.writeBytes(bytes);
    }
  }

  /** {@code value = min + scale number}, with 0 exactly on a step. */
  private void quantized(ObjectNode entry, float[] values) {
    double low = 0;
    double high = 0;
    for (float v : values) {
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
    int steps = (1 << bits.count()) - 1;
    double scale = high > low ? (high - low) / steps : 1;
    double min = Math.round(low / scale) * scale;
    int width = bits.count() / 8;
    ByteBuffer bytes = ByteBuffer.allocate(width * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float v : values) {
      long number = Math.max(0, Math.min(steps, Math.round((v - min) / scale)));
      if (width == 1) {
        bytes.put((byte) number);
      } else {
        bytes.putShort((short) number);
      }
    }
    weights.writeBytes(bytes.array());
    ObjectNode quantization = entry.putObject("quantization");
    quantization.put("min", min).put("scale", scale);
    quantization.put("dtype", "uint" + bits.count()).put("original_dtype", "float32");
  }

  /** Writes {@code model.json} and its shards. */
  public void write(Path folder) {
    byte[] all = weights.toByteArray();
    int shards = Math.max(1, (all.length + SHARD - 1) / SHARD);
    ObjectNode whole = model.deepCopy();
    ObjectNode group = whole.putArray("weightsManifest").addObject();
    ArrayNode paths = group.putArray("paths");
    for (int i = 0; i < shards; i++) {
      String name = "group1-shard" + (i + 1) + "of" + shards + ".bin";
      paths.add(name);
      byte[] shard = Arrays.copyOfRange(all, i * SHARD, Math.min(all.length, (i + 1) * SHARD));
      AtomicFile.write(folder.resolve(name), "shard", shard);
    }
    group.set("weights", entries);
    AtomicFile.write(folder.resolve("model.json"), "tfjs", json(whole));
  }

  /** The model without its weights, as {@code tf.io.fromMemory} takes it. */
  ObjectNode artifactsNode() {
    ObjectNode whole = model.deepCopy();
    whole.set("weightSpecs", entries);
    return whole;
  }

  /** All weights, one after another. */
  public byte[] weightBytes() {
    return weights.toByteArray();
  }

  private static String json(ObjectNode node) {
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
