package org.distill4j.cli.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.distill4j.cli.options.InputFile;
import org.distill4j.cli.options.JsonOutput;
import org.distill4j.cli.options.ModelArgument;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Dataset;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.RelativeTime;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.ptq.CalibratedModel;
import org.distill4j.quantize.ptq.QuantizationScheme;
import org.distill4j.quantize.ptq.Repair;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.MobileNetV2;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How fast calibration is beside the model itself, and integers beside floats. */
final class QuantizationBench {
  private static final int ROUNDS = 3;
  private static final int BATCH = 32;

  private QuantizationBench() {}

  /** Calibration beside the plain forward run. */
  @Command(
      name = "calibrate",
      mixinStandardHelpOptions = true,
      description =
          "Times a model on random examples, alone and with all observers, and its quantization;"
              + " prints one JSON line.",
      footer = {"", "Example: ./distill4j bench calibrate resnet56.onnx --n 512 --threads 2"})
  static final class Calibrate implements Callable<Integer> {
    @Parameters(
        paramLabel = "MODEL",
        description = "An ONNX file, float, of one input.",
        converter = InputFile.class)
    private Path model;

    @Option(names = "--n", defaultValue = "512", description = "Examples; 512 if left out.")
    private int n;

    @Option(names = "--threads", defaultValue = "2", description = "Threads; 2 if left out.")
    private int threads;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      if (n < 2 || threads < 1) {
        throw new ParameterException(
            spec.commandLine(),
            "--n, --threads: %s, %s (expected: >= 2, >= 1)".formatted(n, threads));
      }
      Graph graph = ModelArgument.read(model).requireOnnx().graph();
      spec.commandLine()
          .getOut()
          .println(JsonOutput.line(CalibrationSpeed.measure(graph, n, threads)));
      return 0;
    }
  }

  /**
   * What was measured.
   *
   * @param forward examples a second of the model alone, the best of three rounds
   * @param calibrated examples a second of the same watched by all observers, likewise
   * @param share of the one in the other
   * @param processorShare the same by the processor's time, in which other work does not count
   * @param thresholds seconds to choose ranges by each of the five observers
   * @param whole seconds of everything but rounding: all passes, the model by each observer, biases
   */
  record CalibrationSpeed(
      @JsonProperty("forward_images_per_s") double forward,
      @JsonProperty("calibration_images_per_s") double calibrated,
      double share,
      @JsonProperty("processor_share") double processorShare,
      @JsonProperty("thresholds_s") double thresholds,
      @JsonProperty("whole_s") double whole,
      int n,
      int threads) {

    static CalibrationSpeed measure(Graph graph, int n, int threads) {
      Dataset data = noise(graph.onlyInput().shape().dropFirst(), n);
      Seconds forward = Seconds.MANY;
      Seconds calibration = Seconds.MANY;
      for (int round = 0; round < ROUNDS; round++) { // in turn, so that other work slows both
        forward = forward.least(forward(graph, n, threads));
        calibration =
            calibration.least(Seconds.of(() -> calibrated(graph, data, Set.of(), threads)));
      }
      CalibratedModel ready = calibrated(graph, data, Set.of(), threads);
      QuantizationScheme form =
          new QuantizationScheme(
              TargetMachine.HERE.activations(), TargetMachine.HERE.weightBits(), true);
      long start = System.nanoTime();
      for (Observer observer : Observer.values()) {
        ready.integers(observer, form, Set.of());
      }
      double thresholds = seconds(start);
      return new CalibrationSpeed(
          n / forward.wall,
          n / calibration.wall,
          forward.wall / calibration.wall,
          forward.processor / calibration.processor,
          thresholds,
          whole(graph, data, form, threads),
          n,
          threads);
    }

    private static double whole(Graph graph, Dataset data, QuantizationScheme form, int threads) {
      Set<Repair> repairs = EnumSet.complementOf(EnumSet.of(Repair.ROUND));
      long start = System.nanoTime();
      CalibratedModel ready = calibrated(graph, data, repairs, threads);
      for (Observer observer : Observer.values()) {
        ready.integers(observer, form, Set.of());
      }
      ready.repaired(Observer.MSE, form, Set.of(), repairs, ProgressListener.NONE);
      return seconds(start);
    }

    private static CalibratedModel calibrated(
        Graph graph, Dataset data, Set<Repair> repairs, int threads) {
      return CalibratedModel.of(
          graph,
          data,
          repairs,
          TargetMachine.HERE.weightBits(),
          data.size(),
          threads,
          ProgressListener.NONE);
    }

    /** Seconds of the model alone; it is opened before. */
    private static Seconds forward(Graph graph, int n, int threads) {
      Shape example = graph.onlyInput().shape().dropFirst();
      int batch =
          graph.onlyInput().shape().dim(0).isKnown()
              ? Math.toIntExact(graph.onlyInput().shape().dim(0).size())
              : BATCH;
      try (Predictor predictor = new OnnxRuntime().open(graph, threads)) {
        FloatBuffer input = direct(batch * example.elements());
        FloatBuffer output = direct(batch * predictor.resultShape().elements());
        predictor.run(batch, input, output);
        return Seconds.of(
            () -> {
              for (int done = 0; done < n; done += batch) {
                predictor.run(batch, input, output);
              }
            });
      }
    }
  }

  /** How long something took: by the clock, and of all processors' time. */
  private record Seconds(double wall, double processor) {
    static final Seconds MANY = new Seconds(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

    static Seconds of(Runnable work) {
      long processor = processorNanos();
      long start = System.nanoTime();
      work.run();
      return new Seconds(seconds(start), (processorNanos() - processor) / 1e9);
    }

    Seconds least(Seconds other) {
      return new Seconds(Math.min(wall, other.wall), Math.min(processor, other.processor));
    }

    private static long processorNanos() {
      return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
  }

  /** Integers beside floats. */
  @Command(
      name = "int8",
      mixinStandardHelpOptions = true,
      description =
          "Times a MobileNetV2 on images of 3x96x96, in turn in float and in 8 bits, at batch 1 on"
              + " 1 thread; prints one JSON line.",
      footer = {"", "Example: ./distill4j bench int8 --width 1.0"})
  static final class Int8 implements Callable<Integer> {
    private static final int SIZE = 96;
    private static final int EXAMPLES = 16;

    @Option(
        names = "--width",
        defaultValue = "1.0",
        description = "Multiplies all channels; 1.0 if left out.")
    private double width;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      Shape image = Shape.of(3, SIZE, SIZE);
      Graph graph = new MobileNetV2(width, 6).build(image, 10, 1);
      CalibratedModel ready =
          CalibratedModel.of(
              graph, noise(image, EXAMPLES), false, EXAMPLES, 1, ProgressListener.NONE);
      QuantizationScheme form =
          new QuantizationScheme(
              TargetMachine.HERE.activations(), TargetMachine.HERE.weightBits(), true);
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("width", width);
      line.put("target", TargetMachine.HERE.says());
      line.put("int8_speed", faster(ready, form, Set.of()));
      line.put("int8_speed_first_layer_float", faster(ready, form, Set.of(ready.layers().get(0))));
      spec.commandLine().getOut().println(JsonOutput.line(line));
      return 0;
    }

    /** How many times faster integers are; the float model has its normalizations folded too. */
    private static double faster(
        CalibratedModel ready, QuantizationScheme form, Set<String> floats) {
      Graph integers = ready.integers(Observer.MIN_MAX, form, floats);
      try (Predictor a = new OnnxRuntime().open(ready.graph(), 1);
          Predictor b = new OnnxRuntime().open(integers, 1)) {
        return RelativeTime.of(a, b);
      }
    }
  }

  private static Dataset noise(Shape shape, int n) {
    SplittableRandom random = new SplittableRandom(1);
    float[][] values = new float[n][Math.toIntExact(shape.elements())];
    for (float[] row : values) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return new ArrayDataset(
        "noise", shape, List.of("a", "b"), values, new int[n], Preprocessing.NONE);
  }

  private static FloatBuffer direct(long floats) {
    return ByteBuffer.allocateDirect(Math.toIntExact(floats * Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
