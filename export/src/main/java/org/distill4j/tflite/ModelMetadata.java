package org.distill4j.tflite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.lowered.LoweredGraph;
import org.distill4j.lowered.LoweredPort;
import org.tensorflow.lite.support.metadata.schema.AssociatedFile;
import org.tensorflow.lite.support.metadata.schema.AssociatedFileType;
import org.tensorflow.lite.support.metadata.schema.Content;
import org.tensorflow.lite.support.metadata.schema.ContentProperties;
import org.tensorflow.lite.support.metadata.schema.FeatureProperties;
import org.tensorflow.lite.support.metadata.schema.NormalizationOptions;
import org.tensorflow.lite.support.metadata.schema.ProcessUnit;
import org.tensorflow.lite.support.metadata.schema.ProcessUnitOptions;
import org.tensorflow.lite.support.metadata.schema.SubGraphMetadata;
import org.tensorflow.lite.support.metadata.schema.TensorMetadata;

/**
 * What a file says of its model.
 *
 * <p>Under {@code TFLITE_METADATA} in TFLite's own words: the input's normalization {@code (raw -
 * mean) / std}, and that {@code labels.txt} names the classes. Under {@code distill4j} the same and
 * the lineage as the ONNX model has them, and which values have their channels last.
 *
 * @see <a href="https://ai.google.dev/edge/litert/models/metadata">TFLite metadata</a>
 */
final class ModelMetadata {
  static final String LABELS = "labels.txt";
  static final String OWN = "distill4j";
  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelMetadata() {}

  /** Buffers by name. */
  static Map<String, ByteBuffer> of(LoweredGraph lowered) {
    Map<String, ByteBuffer> texts = new LinkedHashMap<>();
    texts.put("min_runtime_version", TfliteWriter.utf8("2.9.0\0\0\0\0\0\0\0\0\0\0\0"));
    texts.put("TFLITE_METADATA", standard(lowered));
    texts.put(OWN, TfliteWriter.utf8(own(lowered)));
    return texts;
  }

  /** The class names, one a line; empty if the model has none. */
  static Optional<String> labels(LoweredGraph lowered) {
    return Metadata.classes(lowered.graph()).map(names -> String.join("\n", names) + "\n");
  }

  private static String own(LoweredGraph lowered) {
    Map<String, Object> own = new LinkedHashMap<>();
    own.put("name", lowered.graph().name());
    own.put("metadata", new java.util.TreeMap<>(lowered.graph().metadata()));
    own.put("inputs", lowered.inputs().stream().map(ModelMetadata::end).toList());
    own.put("outputs", lowered.outputs().stream().map(ModelMetadata::end).toList());
    try {
      return JSON.writeValueAsString(own);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, String> end(LoweredPort port) {
    Map<String, String> end = new LinkedHashMap<>();
    end.put("name", port.value().name());
    end.put("onnx_shape", port.value().shape().toString());
    end.put("layout", port.layout().name().toLowerCase(java.util.Locale.ROOT));
    return end;
  }

  private static ByteBuffer standard(LoweredGraph lowered) {
    FlatBufferBuilder b = new FlatBufferBuilder(1 << 10);
    Optional<Preprocessing> preprocessing = Metadata.preprocessing(lowered.graph());
    boolean labelled = labels(lowered).isPresent();
    List<Integer> inputs = new ArrayList<>();
    for (LoweredPort port : lowered.inputs()) {
      inputs.add(tensor(b, port, normalization(b, preprocessing), 0));
    }
    List<Integer> outputs = new ArrayList<>();
    for (LoweredPort port : lowered.outputs()) {
      outputs.add(tensor(b, port, 0, labelled && outputs.isEmpty() ? labelsFile(b) : 0));
    }
    int in = SubGraphMetadata.createInputTensorMetadataVector(b, ints(inputs));
    int out = SubGraphMetadata.createOutputTensorMetadataVector(b, ints(outputs));
    SubGraphMetadata.startSubGraphMetadata(b);
    SubGraphMetadata.addInputTensorMetadata(b, in);
    SubGraphMetadata.addOutputTensorMetadata(b, out);
    int graph = SubGraphMetadata.endSubGraphMetadata(b);
    int name = b.createString(lowered.graph().name());
    int graphs =
        org.tensorflow.lite.support.metadata.schema.ModelMetadata.createSubgraphMetadataVector(
            b, new int[] {graph});
    int parser = b.createString("1.0.0");
    org.tensorflow.lite.support.metadata.schema.ModelMetadata.startModelMetadata(b);
    org.tensorflow.lite.support.metadata.schema.ModelMetadata.addName(b, name);
    org.tensorflow.lite.support.metadata.schema.ModelMetadata.addSubgraphMetadata(b, graphs);
    org.tensorflow.lite.support.metadata.schema.ModelMetadata.addMinParserVersion(b, parser);
    int model = org.tensorflow.lite.support.metadata.schema.ModelMetadata.endModelMetadata(b);
    org.tensorflow.lite.support.metadata.schema.ModelMetadata.finishModelMetadataBuffer(b, model);
    return ByteBuffer.wrap(b.sizedByteArray());
  }

  private static int tensor(FlatBufferBuilder b, LoweredPort port, int unit, int file) {
    int name = b.createString(port.value().name());
    FeatureProperties.startFeatureProperties(b);
    int features = FeatureProperties.endFeatureProperties(b);
    int content = Content.createContent(b, ContentProperties.FeatureProperties, features, 0);
    int units = unit == 0 ? 0 : TensorMetadata.createProcessUnitsVector(b, new int[] {unit});
    int files = file == 0 ? 0 : TensorMetadata.createAssociatedFilesVector(b, new int[] {file});
    TensorMetadata.startTensorMetadata(b);
    TensorMetadata.addName(b, name);
    TensorMetadata.addContent(b, content);
    if (units != 0) {
      TensorMetadata.addProcessUnits(b, units);
    }
    if (files != 0) {
      TensorMetadata.addAssociatedFiles(b, files);
    }
    return TensorMetadata.endTensorMetadata(b);
  }

  /** {@code (scale raw - mean) / std} is {@code (raw - mean / scale) / (std / scale)}. */
  private static int normalization(FlatBufferBuilder b, Optional<Preprocessing> preprocessing) {
    if (preprocessing.isEmpty() || preprocessing.get().order().isPresent()) {
      return 0; // TFLite has no words for another order of channels
    }
    Preprocessing p = preprocessing.get();
    float[] mean = new float[p.mean().size()];
    float[] std = new float[mean.length];
    for (int c = 0; c < mean.length; c++) {
      mean[c] = (float) (p.mean().get(c) / p.scale());
      std[c] = (float) (p.std().get(c) / p.scale());
    }
    int m = NormalizationOptions.createMeanVector(b, mean);
    int s = NormalizationOptions.createStdVector(b, std);
    int options = NormalizationOptions.createNormalizationOptions(b, m, s);
    return ProcessUnit.createProcessUnit(b, ProcessUnitOptions.NormalizationOptions, options);
  }

  private static int labelsFile(FlatBufferBuilder b) {
    int name = b.createString(LABELS);
    int says = b.createString("The classes in the order of the scores.");
    return AssociatedFile.createAssociatedFile(
        b, name, says, AssociatedFileType.TENSOR_AXIS_LABELS, 0, 0);
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(i -> i).toArray();
  }
}
