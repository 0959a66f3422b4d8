package org.distill4j.distill;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.distill4j.data.Splits;
import org.distill4j.engine.Optimizer;
import org.distill4j.engine.Rate;
import org.distill4j.engine.TrainSettings;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;

/** A batch whose normalization would have one value per channel: its variance is 0. */
class BatchOfOneTest {
  private static final Splits ROWS = Computed.splits(Shape.of(4), 20);
  private static final Splits IMAGES = Computed.splits(Shape.of(1, 8, 8), 20);

  /** Rows that are normalized before a linear layer. */
  private static Graph normalized() {
    GraphBuilder graph = new GraphBuilder("rows");
    String x = graph.input("x", DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(4))));
    String ones = graph.initializer("ones", HostTensor.ofFloats(Shape.of(4), 1, 1, 1, 1));
    String scale = graph.initializer("scale", HostTensor.ofFloats(Shape.of(4), 1, 1, 1, 1));
    String bias = graph.initializer("bias", HostTensor.ofFloats(Shape.of(4), new float[4]));
    String mean = graph.initializer("mean", HostTensor.ofFloats(Shape.of(4), new float[4]));
    String w = graph.initializer("w", HostTensor.ofFloats(Shape.of(4, 10), new float[40]));
    String n = graph.addNamed("norm", "BatchNormalization", Map.of(), x, scale, bias, mean, ones);
    String y = graph.add("MatMul", Map.of(), n, w);
    return graph.output(y, DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(10)))).build();
  }

  private static Trainer trainer(Graph net, Splits data, int batch) {
    return Trainer.of(net, data)
        .settings(
            new TrainSettings(1, batch, Optimizer.adam(), new Rate.Constant(0.001, 0), 0, 0, 0));
  }

  @Test
  void check_normalizedRowsInBatchesOfOne_areRefusedByTheNode() {
    assertThatThrownBy(() -> trainer(normalized(), ROWS, 1).check())
        .isInstanceOf(InputFault.class)
        .hasMessageContaining(
            "batch of 1 (expected: >= 2, as BatchNormalization 'norm' normalizes by the batch");
    assertThatCode(() -> trainer(normalized(), ROWS, 2).check()).doesNotThrowAnyException();
  }

  @Test
  void check_otherNetsInBatchesOfOne_areTrained() {
    Graph rows = new Mlp(List.of(3), 0).build(Shape.of(4), 10, 1);
    Graph images = new Cnn(List.of("2"), List.of(), 0, true).build(Shape.of(1, 8, 8), 10, 1);
    assertThatCode(() -> trainer(rows, ROWS, 1).check()).doesNotThrowAnyException();
    assertThatCode(() -> trainer(images, IMAGES, 1).check()).doesNotThrowAnyException();
  }
}
