package org.distill4j.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distill4j.Seeds;
import org.distill4j.data.Splits;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.Optimizer;
import org.distill4j.engine.Rate;
import org.distill4j.engine.TrainSettings;
import org.distill4j.export.GoldenOutputs;
import org.distill4j.format.InputOutputType;
import org.distill4j.graph.Graph;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Conv;
import org.distill4j.zoo.Layers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.DepthwiseConv2DOptions;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.Operator;

/**
 * A trained net of inverted residuals in 8-bit integers: depthwise convolutions, ReLU6, residual
 * sums and the mean over the image.
 */
class Int8MobileTest {
  private static final int IMAGES = 1000;
  private static final int EPOCHS = 2;

  @TempDir private Path folder;

  /** MobileNetV2's blocks, two with a sum and one without, on maps of 14 x 14 and 7 x 7. */
  private static Graph net(Shape example) {
    Layers layers = new Layers("mobile", example, Seeds.of(1));
    layers.conv("stem", Conv.of(16, 3).strided(2).unbiased()).norm("stem.norm").relu6();
    block(layers, "a", 16, 16, 1);
    block(layers, "b", 48, 24, 2);
    block(layers, "c", 72, 24, 1);
    layers.conv("head", Conv.of(64, 1).unbiased()).norm("head.norm").relu6();
    return layers.averageOverImage().logits(10);
  }

  private static void block(Layers layers, String name, int inside, int out, int stride) {
    Layers.Tap before = layers.tap();
    if (before.shape().size(0) != inside) {
      layers.conv(name + ".expand", Conv.of(inside, 1).unbiased()).norm(name + ".norm1").relu6();
    }
    layers.conv(name + ".depthwise", Conv.depthwise(inside, 3).strided(stride).unbiased());
    layers.norm(name + ".norm2").relu6();
    layers.conv(name + ".project", Conv.of(out, 1).unbiased()).norm(name + ".norm3");
    if (layers.tap().shape().equals(before.shape())) {
      layers.plus(before);
    }
  }

  @Test
  void export_invertedResiduals_answerAsOnnxRuntimeDoes() throws Exception {
    Splits data = DataCatalog.here().open("fashion-mini");
    TrainSettings settings =
        new TrainSettings(EPOCHS, 128, Optimizer.adam(), new Rate.Cosine(0.005, 0, 0), 0, 0, 0);
    Graph trained = Trainer.of(net(data.shape()), data).settings(settings).train().model();
    Graph integers = Integers.of(trained, data);
    GoldenOutputs golden =
        GoldenOutputs.of(integers, data.test().data(), IMAGES)
            .seenOn(integers, data.train().data());

    Integers.Answers answers =
        Integers.export(
            integers, golden, InputOutputType.INT8, data.test().data(), folder.resolve("out"));

    answers.requireTheSame("inverted residuals");
    requireDepthMultipliers(Files.readAllBytes(folder.resolve("out/tflite/model.tflite")));
  }

  /** TFLite's interpreter guesses it from the shapes, TFLite Micro and its delegates do not. */
  private static void requireDepthMultipliers(byte[] file) {
    Model model = Model.getRootAsModel(ByteBuffer.wrap(file));
    int found = 0;
    for (int i = 0; i < model.subgraphs(0).operatorsLength(); i++) {
      Operator operator = model.subgraphs(0).operators(i);
      int code = model.operatorCodes((int) operator.opcodeIndex()).builtinCode();
      if (code == BuiltinOperator.DEPTHWISE_CONV_2D) {
        assertThat(operator.builtinOptionsType()).isEqualTo(BuiltinOptions.DepthwiseConv2DOptions);
        DepthwiseConv2DOptions options =
            (DepthwiseConv2DOptions) operator.builtinOptions(new DepthwiseConv2DOptions());
        assertThat(options.depthMultiplier()).isEqualTo(1);
        found++;
      }
    }
    assertThat(found).isEqualTo(3);
  }
}
