package org.distill4j.savedmodel;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Value;
import org.distill4j.inference.BatchRun;
import org.distill4j.inference.RuntimePredictor;
import org.distill4j.lowered.ElementOrder;
import org.distill4j.natives.PlainName;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.tensorflow.Nodes;
import org.distill4j.tensorflow.TensorFlowNatives;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;

/**
 * One signature of a SavedModel. Maps are told channels first, as everywhere in this library: those
 * of a model made here as its {@code assets.extra} say, those of others if they have rank 4.
 */
final class SavedModelPredictor extends RuntimePredictor {
  /** Where the signature is fed or read. */
  private record End(Value value, String tensor, boolean turned) {}

  private final SavedModelBundle bundle;
  private final List<End> fed;
  private final List<End> fetched;
  private final Optional<SavedState> state;

  private SavedModelPredictor(
      String name,
      SavedModelBundle bundle,
      List<End> fed,
      List<End> fetched,
      Optional<SavedState> state) {
    super(name, values(fed), values(fetched), state.isEmpty() ? Calls.TOGETHER : Calls.ONE_BY_ONE);
    this.bundle = bundle;
    this.fed = fed;
    this.fetched = fetched;
    this.state = state;
  }

  private static List<Value> values(List<End> ends) {
    return ends.stream().map(End::value).toList();
  }

  static SavedModelPredictor open(String name, Path folder, String signature, int threads) {
    if (!Files.isRegularFile(folder.resolve("saved_model.pb"))) {
      throw new InputFault(folder + ": holds no saved_model.pb (expected: a SavedModel's folder)");
    }
    TensorFlowNatives.load();
    NodeInputs.require(folder);
    SavedModelBundle bundle = load(folder, threads);
    try {
      return of(name, folder, bundle, signature);
    } catch (RuntimeException e) { // such as a type that nothing here has
      bundle.close();
      String line = e instanceof InputFault fault ? fault.lines().get(0) : TensorFlowFault.line(e);
      throw new InputFault(line.startsWith(folder.toString()) ? line : folder + ": " + line, e);
    }
  }

  private static SavedModelBundle load(Path folder, int threads) {
    try (PlainName plain = PlainName.of(folder)) {
      return SavedModelBundle.loader(plain.path().toString())
          .withTags(SavedModelBundle.DEFAULT_TAG)
          .withConfigProto(
              ConfigProto.newBuilder()
                  .setIntraOpParallelismThreads(threads)
                  .setInterOpParallelismThreads(1)
                  .setUsePerSessionThreads(true)
                  .build())
          .load();
    } catch (RuntimeException e) { // TensorFlow Java has its own beside TensorFlow's
      throw new InputFault(folder + ": TensorFlow refuses it: " + TensorFlowFault.line(e), e);
    }
  }

  private static SavedModelPredictor of(
      String name, Path folder, SavedModelBundle bundle, String signature) {
    SignatureDef found = bundle.metaGraphDef().getSignatureDefMap().get(signature);
    if (found == null) {
      List<String> names = Signatures.names(bundle.metaGraphDef());
      throw new InputFault(
          folder + ": has no signature '" + signature + "' (expected: one of " + names + ")");
    }
    Optional<JsonNode> about = SavedModelFolder.about(folder);
    List<End> fetched = ends(found.getOutputsMap(), about.map(a -> a.path("outputs")), false);
    return new SavedModelPredictor(
        name,
        bundle,
        ends(found.getInputsMap(), about.map(a -> a.path("inputs")), true),
        fetched,
        SavedState.of(folder, bundle, fetched.stream().map(End::tensor).toList()));
  }

  private static List<End> ends(
      Map<String, TensorInfo> infos, Optional<JsonNode> about, boolean input) {
    Map<String, JsonNode> said = new LinkedHashMap<>();
    about.ifPresent(all -> all.forEach(one -> said.put(one.path("name").asText(), one)));
    Map<String, TensorInfo> ordered = new LinkedHashMap<>();
    said.keySet().forEach(key -> put(ordered, key, infos.get(key)));
    new TreeMap<>(infos).forEach((key, info) -> put(ordered, key, info));
    List<End> ends = new ArrayList<>();
    ordered.forEach((key, info) -> ends.add(end(key, info, said.get(key), input)));
    return ends;
  }

  private static void put(Map<String, TensorInfo> ordered, String key, TensorInfo info) {
    if (info != null) {
      ordered.putIfAbsent(key, info);
    }
  }

  private static End end(String key, TensorInfo info, JsonNode said, boolean input) {
    TensorShapeProto shape = info.getTensorShape();
    Shape held = Shape.UNRANKED;
    if (!shape.getUnknownRank()) {
      List<Dim> dims = new ArrayList<>();
      for (int axis = 0; axis < shape.getDimCount(); axis++) {
        long size = shape.getDim(axis).getSize();
        dims.add(size >= 0 ? Dim.of(size) : Dim.of(axis == 0 ? "batch" : "extent" + axis));
      }
      held = Shape.of(dims);
    }
    boolean map = held.isRanked() && held.rank() == 4;
    boolean turned =
        map
            && (said == null
                ? !input || ElementOrder.isLast(held)
                : said.path("layout").asText().equals("channels_last"));
    if (input) {
      NativeTensors.requireType(Nodes.type(info.getDtype()));
    }
    Value value = new Value(key, Nodes.type(info.getDtype()), ElementOrder.told(held, turned));
    return new End(value, info.getName(), turned);
  }

  /** The operator that ends the signature, as ONNX calls it, where it says what the answers are. */
  Optional<String> lastOperator() {
    return fetched.size() == 1
        ? new ServedGraph(bundle.metaGraphDef()).end(fetched.get(0).tensor())
        : Optional.empty();
  }

  /** How its first input is held, where that is told in another order. */
  Optional<Shape> held() {
    return fed.stream()
        .limit(1)
        .filter(End::turned)
        .map(end -> ElementOrder.held(end.value().shape(), true))
        .findFirst();
  }

  @Override
  protected Map<String, HostTensor> answer(Map<String, HostTensor> tensors) {
    return state.isEmpty() ? together(tensors) : eachAlone(tensors, this::afresh);
  }

  /** What it answers when it remembers nothing. */
  private Map<String, HostTensor> afresh(Map<String, HostTensor> tensors) {
    try {
      state.orElseThrow().reset();
    } catch (TensorFlowException e) {
      throw failed(e);
    }
    return together(tensors);
  }

  private Map<String, HostTensor> together(Map<String, HostTensor> tensors) {
    List<Tensor> natives = new ArrayList<>();
    try {
      Session.Runner runner = bundle.session().runner();
      for (End end : fed) {
        HostTensor held = ElementOrder.moved(tensors.get(end.value().name()), end.turned(), true);
        Tensor tensor = NativeTensors.toTensorFlow(held);
        natives.add(tensor);
        runner.feed(end.tensor(), tensor);
      }
      fetched.forEach(end -> runner.fetch(end.tensor()));
      Map<String, HostTensor> results = new LinkedHashMap<>();
      try (Result result = runner.run()) {
        for (int i = 0; i < fetched.size(); i++) {
          End end = fetched.get(i);
          results.put(
              end.value().name(),
              ElementOrder.moved(
                  NativeTensors.toHost(result.get(i), end.value().type()), end.turned(), false));
        }
      }
      return results;
    } catch (TensorFlowException e) {
      throw failed(e);
    } finally {
      natives.forEach(Tensor::close);
    }
  }

  @Override
  protected void answer(BatchRun.Bound in, BatchRun.Bound out) {
    if (state.isPresent()) {
      super.answer(in, out);
      return;
    }
    End from = fed.get(0);
    End to = fetched.get(0);
    Shape held = ElementOrder.held(in.shape(), from.turned());
    try (TFloat32 array = TFloat32.tensorOf(NativeTensors.shape(held))) {
      new ElementOrder(held, from.turned()).toHeld(in.values(), NativeTensors.view(array));
      try (Result result =
          bundle.session().runner().feed(from.tensor(), array).fetch(to.tensor()).run()) {
        Tensor made = result.get(0);
        Shape shape = Shape.of(made.shape().asArray());
        new ElementOrder(shape, to.turned())
            .toTold(NativeTensors.view((TFloat32) made), out.values());
      }
    } catch (TensorFlowException e) {
      throw failed(e);
    }
  }

  private RuntimeException failed(TensorFlowException e) {
    String line = TensorFlowFault.line(e);
    return TensorFlowFault.emptyVariable(e)
        .<RuntimeException>map(
            variable ->
                new InputFault(
                    "%s: variable '%s' has no value, as the file does not say how one is restored (expected: a saver); in Keras save it by model.export(folder), else by tf.saved_model.save of a module that holds its variables itself; TensorFlow: %s"
                        .formatted(model(), variable, line),
                    e))
        .orElseGet(() -> new RunFault("model '" + model() + "': TensorFlow failed: " + line, e));
  }

  @Override
  protected void free() {
    bundle.close();
  }
}
