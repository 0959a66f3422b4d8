package org.distill4j.savedmodel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Any;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Metadata;
import org.distill4j.lowered.LoweredGraph;
import org.distill4j.lowered.LoweredPort;
import org.distill4j.storage.AtomicFile;
import org.distill4j.tensor.DType;
import org.distill4j.tensorflow.Definition;
import org.distill4j.tensorflow.Nodes;
import org.distill4j.tensorflow.Weights;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.VariableDef;

/**
 * Writes a lowered graph as a SavedModel: {@code saved_model.pb}, {@code variables/}, {@code
 * assets/classes.txt}, and in {@code assets.extra/distill4j.json} what the model says of itself.
 *
 * <p>Signatures, where the model allows them: {@code serving_default} on tensors, {@code pixels} on
 * bytes with the preprocessing in the graph, {@code image} on one encoded image, {@code features}.
 */
public final class SavedModelWriter {
  private static final String CLASSES = "classes.txt";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LoweredGraph lowered;
  private final Nodes nodes = new Nodes();

  private SavedModelWriter(LoweredGraph lowered) {
    this.lowered = lowered;
  }

  /**
   * Writes the folder's files; it should be seen by nobody else until that is done.
   *
   * @throws RunFault if the disk refuses
   */
  public static void write(LoweredGraph lowered, Path folder) {
    new SavedModelWriter(lowered).run(folder);
  }

  private void run(Path folder) {
    ServingInputs entrances = ServingInputs.of(lowered, nodes);
    Definition definition = Definition.write(lowered, nodes, Weights.VARIABLES, entrances.inputs());
    MetaGraphDef.Builder meta = MetaGraphDef.newBuilder();
    meta.getMetaInfoDefBuilder().addTags("serve").setTensorflowVersion("2.18.0");
    Signatures.add(meta, lowered, definition, entrances);
    CollectionDef.Builder variables = CollectionDef.newBuilder();
    if (!definition.weights().isEmpty()) {
      meta.setSaverDef(saver(definition, variables)); // without variables none may be told
      meta.putCollectionDef("variables", variables.build());
      meta.putCollectionDef("trainable_variables", variables.build());
    }
    Optional<List<String>> classes = Metadata.classes(lowered.graph());
    classes.ifPresent(
        names -> {
          asset(meta);
          String text = String.join("\n", names) + "\n";
          AtomicFile.write(folder.resolve("assets").resolve(CLASSES), "asset", text);
        });
    GraphDef graph = nodes.graph().build();
    SavedModel model =
        SavedModel.newBuilder()
            .setSavedModelSchemaVersion(1)
            .addMetaGraphs(meta.setGraphDef(graph))
            .build();
    Path checkpoint = folder.resolve("variables").resolve("variables");
    create(checkpoint.getParent());
    SavedVariables.write(definition.weights(), checkpoint);
    AtomicFile.write(
        folder.resolve("assets.extra").resolve("distill4j.json"), "about", about(lowered));
    AtomicFile.write(folder.resolve("saved_model.pb"), "saved-model", model.toByteArray());
  }

  private static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new RunFault(
          folder + ": cannot be made: " + AtomicFile.reason(e) + "; choose another folder", e);
    }
  }

  /** What saves and restores the variables: nodes that every loader of SavedModels looks for. */
  private SaverDef saver(Definition definition, CollectionDef.Builder collection) {
    String file = nodes.text("save/filename", "model");
    List<String> names = new ArrayList<>(definition.weights().keySet());
    List<DataType> types = new ArrayList<>();
    List<String> saved =
        new ArrayList<>(
            List.of(
                file,
                nodes.texts("save/names", names),
                nodes.texts("save/slices", names.stream().map(n -> "").toList())));
    String restored = restored(file, names);
    List<String> assigned = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      types.add(DataType.DT_FLOAT);
      saved.add(name + "/read");
      String value =
          nodes.add(
              "Identity",
              "save/" + name + "/value",
              Nodes.attributes().type("T", DType.FLOAT32),
              i == 0 ? restored : restored + ":" + i);
      String assign =
          nodes.add(
              "AssignVariableOp",
              "save/" + name + "/assign",
              Nodes.attributes().type("dtype", DType.FLOAT32).flag("validate_shape", false),
              name,
              value);
      assigned.add("^" + assign);
      collection.getBytesListBuilder().addValue(variable(name, assign).toByteString());
    }
    String save =
        nodes.add(
            "SaveV2",
            "save/SaveV2",
            Nodes.attributes().types("dtypes", types),
            saved.toArray(new String[0]));
    String done =
        nodes.add(
            "Identity",
            "save/done",
            Nodes.attributes().type("T", DataType.DT_STRING),
            file,
            "^" + save);
    String all =
        nodes.add("NoOp", "save/restore_all", Nodes.attributes(), assigned.toArray(new String[0]));
    return SaverDef.newBuilder()
        .setFilenameTensorName(file + ":0")
        .setSaveTensorName(done + ":0")
        .setRestoreOpName(all)
        .setVersion(SaverDef.CheckpointFormatVersion.V2)
        .build();
  }

  private String restored(String file, List<String> names) {
    List<DataType> types = names.stream().map(n -> DataType.DT_FLOAT).toList();
    return nodes.add(
        "RestoreV2",
        "save/RestoreV2",
        Nodes.attributes().types("dtypes", types),
        file,
        nodes.texts("save/restored_names", names),
        nodes.texts("save/restored_slices", names.stream().map(n -> "").toList()));
  }

  private VariableDef variable(String name, String assign) {
    return VariableDef.newBuilder()
        .setVariableName(name + ":0")
        .setInitializerName(assign)
        .setInitialValueName("save/" + name + "/value:0")
        .setSnapshotName(name + "/read:0")
        .setIsResource(true)
        .setTrainable(true)
        .build();
  }

  private void asset(MetaGraphDef.Builder meta) {
    String node = nodes.text("assets/classes", CLASSES);
    AssetFileDef file =
        AssetFileDef.newBuilder()
            .setFilename(CLASSES)
            .setTensorInfo(TensorInfo.newBuilder().setName(node + ":0"))
            .build();
    meta.addAssetFileDef(file);
    CollectionDef.Builder all = CollectionDef.newBuilder();
    all.getAnyListBuilder().addValue(Any.pack(file));
    meta.putCollectionDef("saved_model_assets", all.build());
  }

  private static String about(LoweredGraph lowered) {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("name", lowered.graph().name());
    about.put("metadata", new TreeMap<>(lowered.graph().metadata()));
    about.put("inputs", lowered.inputs().stream().map(SavedModelWriter::end).toList());
    about.put("outputs", lowered.outputs().stream().map(SavedModelWriter::end).toList());
    try {
      return JSON.writeValueAsString(about) + "\n";
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
}
