package org.distill4j.tfjs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.distill4j.fault.RunFault;
import org.distill4j.lowered.ElementOrder;
import org.distill4j.lowered.Layout;
import org.distill4j.lowered.LoweredGraph;
import org.distill4j.lowered.LoweredPort;
import org.distill4j.storage.UserCache;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Runs a TF.js graph model in Node.js, for parity where no browser is at hand. */
public final class NodeRun {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PATIENCE_MINUTES = 5;

  private NodeRun() {}

  /**
   * Runs examples.
   *
   * @param folder that of {@code model.json}
   * @param inputs for each example a tensor for each input by name, in ONNX order
   * @return likewise for each output; empty if there is no Node.js or no TF.js here
   * @throws RunFault if TF.js refuses the model
   */
  public static Optional<List<Map<String, HostTensor>>> run(
      LoweredGraph lowered, Path folder, List<Map<String, HostTensor>> inputs) {
    Optional<Path> script = hasNode() ? TfjsScript.find() : Optional.empty();
    return script.map(s -> run(s, lowered, folder, inputs));
  }

  private static boolean hasNode() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(java.io.File.pathSeparator, -1))
        .anyMatch(folder -> !folder.isBlank() && Files.isExecutable(Path.of(folder, "node")));
  }

  private static List<Map<String, HostTensor>> run(
      Path script, LoweredGraph lowered, Path folder, List<Map<String, HostTensor>> inputs) {
    Path room = null;
    try {
      room = UserCache.scratch("node");
      Path program = room.resolve("parity.js");
      try (InputStream in = NodeRun.class.getResourceAsStream("parity.js")) {
        Files.write(program, in.readAllBytes());
      }
      Path questions = room.resolve("inputs.json");
      Files.writeString(questions, questions(lowered, inputs));
      Path answers = room.resolve("outputs.json");
      Path log = room.resolve("log");
      Process node =
          new ProcessBuilder(
                  "node",
                  program.toString(),
                  script.toString(),
                  folder.toString(),
                  questions.toString(),
                  answers.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!node.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
        node.destroyForcibly();
        throw new RunFault("tfjs: Node.js did not answer in " + PATIENCE_MINUTES + " minutes");
      }
      if (node.exitValue() != 0) {
        List<String> said = Files.readAllLines(log, StandardCharsets.UTF_8);
        throw new RunFault(
            "tfjs: TF.js refuses the model: " + (said.isEmpty() ? "" : said.get(said.size() - 1)));
      }
      return answers(lowered, JSON.readTree(Files.readString(answers)));
    } catch (IOException e) {
      throw new RunFault("tfjs: Node.js cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunFault("tfjs: was interrupted", e);
    } finally {
      delete(room);
    }
  }

  private static String questions(LoweredGraph lowered, List<Map<String, HostTensor>> inputs)
      throws IOException {
    ArrayNode all = JSON.createArrayNode();
    for (Map<String, HostTensor> example : inputs) {
      ObjectNode one = all.addObject();
      for (LoweredPort port : lowered.inputs()) {
        HostTensor given = example.get(port.value().name());
        HostTensor held = ElementOrder.moved(given, port.layout() == Layout.CHANNELS_LAST, true);
        ObjectNode fed = one.putObject(port.value().name());
        ArrayNode shape = fed.putArray("shape");
        for (long size : held.shape().sizes()) {
          shape.add(size);
        }
        ArrayNode values = fed.putArray("values");
        for (double value : held.toDoubles()) {
          values.add(value);
        }
      }
    }
    return JSON.writeValueAsString(all);
  }

  private static List<Map<String, HostTensor>> answers(LoweredGraph lowered, JsonNode all) {
    List<Map<String, HostTensor>> results = new ArrayList<>();
    for (JsonNode one : all) {
      Map<String, HostTensor> result = new LinkedHashMap<>();
      for (LoweredPort port : lowered.outputs()) {
        JsonNode made = one.path(port.value().name());
        long[] sizes = new long[made.path("shape").size()];
        for (int i = 0; i < sizes.length; i++) {
          sizes[i] = made.path("shape").get(i).asLong();
        }
        float[] values = new float[made.path("values").size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = number(made.path("values").get(i));
        }
        HostTensor held = HostTensor.ofFloats(Shape.of(sizes), values);
        boolean turned = port.layout() == Layout.CHANNELS_LAST;
        result.put(port.value().name(), ElementOrder.moved(held, turned, false));
      }
      results.add(result);
    }
    return results;
  }

  /** JSON has no NaN and no infinity: they are told by their names. */
  private static float number(JsonNode said) {
    if (!said.isNumber() && !said.isTextual()) {
      throw new RunFault("tfjs: TF.js answers " + said + " (expected: a number)");
    }
    return (float) (said.isNumber() ? said.doubleValue() : Double.parseDouble(said.textValue()));
  }

  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      return; // a leftover in the temporary folder
    }
  }
}
