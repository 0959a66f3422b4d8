package org.distill4j.savedmodel;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.RunFault;
import org.distill4j.lowered.ElementOrder;
import org.distill4j.lowered.Layout;
import org.distill4j.lowered.LoweredPort;
import org.distill4j.natives.PlainName;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensorflow.TensorFlowNatives;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TString;

/** The entrance of a SavedModel that takes encoded images. */
public final class ImageEntrance {
  private static final String NAME = "image";

  private ImageEntrance() {}

  /**
   * What a SavedModel made here answers to images, each by itself.
   *
   * @param outputs of the graph that it was written from
   * @return for each image a tensor for each output by name; none if it takes no images
   * @throws RunFault if TensorFlow cannot run it
   */
  public static List<Map<String, HostTensor>> ask(
      Path folder, List<LoweredPort> outputs, List<byte[]> images) {
    TensorFlowNatives.load();
    try (PlainName plain = PlainName.of(folder);
        SavedModelBundle bundle =
            SavedModelBundle.load(plain.path().toString(), SavedModelBundle.DEFAULT_TAG)) {
      SignatureDef signature = bundle.metaGraphDef().getSignatureDefMap().get(NAME);
      return signature == null
          ? List.of()
          : images.stream().map(image -> ask(bundle, signature, outputs, image)).toList();
    } catch (TensorFlowException e) {
      throw new RunFault(
          folder + ": its signature '" + NAME + "' fails: " + TensorFlowFault.line(e), e);
    }
  }

  private static Map<String, HostTensor> ask(
      SavedModelBundle bundle, SignatureDef signature, List<LoweredPort> outputs, byte[] image) {
    Session.Runner runner = bundle.session().runner();
    outputs.forEach(
        port -> runner.fetch(signature.getOutputsOrThrow(port.value().name()).getName()));
    Map<String, HostTensor> answers = new LinkedHashMap<>();
    try (TString file = TString.tensorOfBytes(NdArrays.scalarOfObject(image));
        Result result = runner.feed(signature.getInputsOrThrow(NAME).getName(), file).run()) {
      for (int i = 0; i < outputs.size(); i++) {
        LoweredPort port = outputs.get(i);
        HostTensor held = NativeTensors.toHost(result.get(i), port.value().type());
        boolean turned = port.layout() == Layout.CHANNELS_LAST;
        answers.put(port.value().name(), ElementOrder.moved(held, turned, false));
      }
    }
    return answers;
  }
}
