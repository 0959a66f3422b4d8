package org.distill4j.lowered;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.HostTensor;

/**
 * A predictor that runs a file and declares what the model declares that the file was made from.
 *
 * @param file the opened file
 * @param model what it was made from
 */
public record DeclaredModel(Predictor file, Graph model) implements Predictor {
  @Override
  public List<Value> inputs() {
    return model.inputs();
  }

  @Override
  public List<Value> outputs() {
    return model.outputs();
  }

  @Override
  public Map<String, HostTensor> run(Map<String, HostTensor> inputs) {
    return file.run(inputs);
  }

  @Override
  public void run(int count, FloatBuffer input, FloatBuffer output) {
    file.run(count, input, output);
  }

  @Override
  public void close() {
    file.close();
  }
}
