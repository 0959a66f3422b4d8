package org.distill4j.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.distill4j.fault.RunFault;
import org.distill4j.format.Bits;
import org.distill4j.format.Format;
import org.distill4j.format.InputOutputType;
import org.distill4j.format.Precision;
import org.distill4j.graph.Graph;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.lowered.AffineScaling;
import org.distill4j.lowered.Layout;
import org.distill4j.lowered.LoweredGraph;
import org.distill4j.lowered.LoweredPort;
import org.distill4j.lowered.Lowering;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.passes.HalfPrecision;
import org.distill4j.savedmodel.ImageEntrance;
import org.distill4j.savedmodel.SavedModelRuntime;
import org.distill4j.savedmodel.SavedModelWriter;
import org.distill4j.storage.AtomicFile;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.tfjs.DemoPage;
import org.distill4j.tfjs.NodeRun;
import org.distill4j.tfjs.TfjsModel;
import org.distill4j.tfjs.TfjsScript;
import org.distill4j.tflite.MicroWriter;
import org.distill4j.tflite.TfliteRuntime;
import org.distill4j.tflite.TfliteWriter;

/**
 * Exports a model: writes it in other formats, runs each in its own runtime beside ONNX Runtime,
 * and moves the folder into place when all say the same.
 */
public final class Exporter {
  /** A sum in another order differs by this much of the largest number of a column. */
  private static final double FLOAT = 1e-4;

  /** Integer kernels round constants and steps between layers too, in deviations of an output. */
  private static final double KERNELS = 0.05;

  /** float16 has 11 bits; a deep net loses a few of them. */
  private static final double HALF = 5e-2;

  private static final Set<String> BESIDE_THE_MODEL = Set.of("demo.html", "model.cc", "model.h");

  private final Graph model;
  private final ExportSettings settings;
  private final GoldenOutputs golden;
  private final Set<String> notes = new LinkedHashSet<>();
  private FloatNoise noise; // of the model, once it is wanted

  private Exporter(Graph model, ExportSettings settings, GoldenOutputs golden) {
    this.model = model;
    this.settings = settings;
    this.golden = golden;
  }

  /**
   * Exports.
   *
   * @param golden the examples to compare on, made from the same model
   * @param target a folder that is not there yet, is empty, or holds an export
   * @throws org.distill4j.fault.InputFault naming every node that a form cannot say, or a folder
   *     that holds something else
   * @throws RunFault if a form says something else than the model; then nothing is written
   */
  public static ExportReport export(
      Graph model, ExportSettings settings, GoldenOutputs golden, Path target) {
    return new Exporter(model, settings, golden).run(ExportFolder.at(target));
  }

  private ExportReport run(ExportFolder folder) {
    LoweredGraph lowered = needsLowering() ? Lowering.of(model) : null;
    if (lowered != null) {
      NumberTypes.require(settings.formats(), lowered);
      lowered.inputs().forEach(this::noteOrder);
    }
    return folder.fill(
        draft -> {
          List<FormParity> parities = new ArrayList<>();
          for (Format format : settings.formats()) {
            Path own = draft.resolve(format.spelled());
            FormParity parity =
                switch (format) {
                  case ONNX -> onnx(own.resolve("model.onnx"));
                  case TFLITE -> tflite(lowered, own.resolve("model.tflite"));
                  case TFLITE_MICRO -> micro(lowered, own);
                  case SAVEDMODEL -> savedModel(lowered, own);
                  case TFJS -> tfjs(lowered, own);
                };
            parities.add(parity.require().with(files(draft, own), size(own)));
            notes.addAll(parity.notes());
          }
          golden.write(draft.resolve("golden.safetensors"));
          ExportReport report = new ExportReport(model.name(), parities, List.copyOf(notes));
          AtomicFile.write(draft.resolve(ExportFolder.REPORT), "report", report.json());
          return report;
        });
  }

  /** Says how the forms of TensorFlow take a map: runtimes take another order without a word. */
  private void noteOrder(LoweredPort port) {
    Shape shape = port.value().shape();
    if (shape.rank() < 3) {
      return;
    }
    String forms =
        settings.formats().stream()
            .filter(f -> f != Format.ONNX)
            .map(Format::spelled)
            .collect(Collectors.joining(", "));
    boolean isLast = port.layout() == Layout.CHANNELS_LAST;
    List<Dim> dims = new ArrayList<>(shape.dims());
    if (isLast) {
      dims.add(dims.remove(1));
    }
    notes.add(
        "%s: input '%s' takes %s, %s"
            .formatted(
                forms,
                port.value().name(),
                Shape.of(dims),
                isLast ? "channels last" : "its axes as in the model"));
  }

  private boolean needsLowering() {
    return settings.formats().stream().anyMatch(f -> f != Format.ONNX);
  }

  private FormParity onnx(Path file) {
    Graph written = model;
    if (settings.half()) {
      HalfPrecision half = HalfPrecision.of(model);
      written = half.graph();
      half.notes().forEach(note -> notes.add("onnx: " + note));
    }
    OnnxWriter.write(written, file, settings.onnx());
    OnnxRuntime runtime = OnnxRuntime.inRealNumbers();
    try (Predictor p = runtime.openFile(file, OnnxReader.read(file), 1)) {
      FormParity all = FormParity.of(Format.ONNX, runtime.name(), p, golden, ofOnnx(golden));
      if (all.passed() || !settings.half()) {
        return all;
      }
      GoldenOutputs rest = golden.withoutLarge();
      FormParity usual = FormParity.of(Format.ONNX, runtime.name(), p, rest, ofOnnx(rest));
      if (usual.passed()) {
        notes.add("onnx: in float16, whose numbers end at 65504, its " + all.fault());
      }
      return usual;
    }
  }

  private FormReference ofOnnx(GoldenOutputs asked) {
    if (settings.half()) {
      return FormReference.exact(asked, HALF).with(FloatNoise.of(asked, model, FloatNoise.HALF));
    }
    FormReference itself = FormReference.exact(asked, FLOAT);
    return RoundingTwin.isRounded(model) ? itself : itself.with(noise());
  }

  /** What the rounding of floats brings in the model where nothing else is rounded. */
  private FloatNoise noise() {
    if (noise == null) {
      noise =
          RoundingTwin.isRounded(model)
              ? FloatNoise.ofOther(golden, unrounded(), FloatNoise.SINGLE)
              : FloatNoise.of(golden, model, FloatNoise.SINGLE);
    }
    return noise;
  }

  private FormParity tflite(LoweredGraph lowered, Path file) {
    Precision precision = precision(lowered);
    LoweredGraph scaled = scaled(lowered, precision);
    byte[] bytes = TfliteWriter.toBytes(scaled, precision, settings.ends());
    AtomicFile.write(file, "tflite", bytes);
    return lite(Format.TFLITE, file, precision, lowered);
  }

  private FormParity micro(LoweredGraph lowered, Path folder) {
    Precision precision = precision(lowered);
    MicroWriter.write(scaled(lowered, precision), precision, settings.ends(), folder);
    return lite(Format.TFLITE_MICRO, folder.resolve("model.tflite"), precision, lowered);
  }

  private FormParity lite(Format format, Path file, Precision precision, LoweredGraph lowered) {
    TfliteRuntime runtime = new TfliteRuntime();
    FormReference reference =
        switch (precision) {
          case FLOAT -> inTheSameNumbers(golden, noise());
          case DYNAMIC ->
              FormReference.rounded(golden, FLOAT, RoundingTwin.dynamic(unrounded()))
                  .with(KERNELS)
                  .with(noise());
          case INT8 ->
              FormReference.rounded(golden, FLOAT, unrounded())
                  .with(KERNELS)
                  .with(noise())
                  .within(ends(lowered));
        };
    try (Predictor p = runtime.openOwn(file, 1)) {
      return FormParity.of(format, runtime.name(), p, golden, reference);
    }
  }

  /** Where outputs end that have no scale but that of the data. */
  private Map<String, OutputRange> ends(LoweredGraph lowered) {
    Map<String, OutputRange> ends = new HashMap<>();
    for (LoweredPort port : lowered.outputs()) {
      OutputRange span = golden.spans().get(port.value().name());
      if (span != null && settings.ends() != InputOutputType.FLOAT) {
        ends.put(port.value().name(), span);
      }
    }
    return ends;
  }

  private Graph unrounded() {
    return RoundingTwin.isRounded(model) ? RoundingTwin.unrounded(model) : model;
  }

  /** What a form says that has no integers: the model, cut off where that is and not rounded. */
  private FormReference inRealNumbers() {
    FormReference real =
        RoundingTwin.isRounded(model)
            ? FormReference.exact(golden, FLOAT, unrounded())
            : FormReference.exact(golden, FLOAT);
    return real.with(noise());
  }

  private Precision precision(LoweredGraph lowered) {
    Precision precision =
        settings.tflite().orElse(lowered.isQuantized() ? Precision.INT8 : Precision.FLOAT);
    if (precision == Precision.INT8) {
      TfliteWriter.requireQuantized(lowered);
    }
    return precision;
  }

  /**
   * Quantized models leave their outputs real; where 8-bit numbers are to come out, data say in
   * what range. Without data they stay real, and the report says so.
   */
  private LoweredGraph scaled(LoweredGraph lowered, Precision precision) {
    LoweredGraph scaled = lowered;
    if (precision != Precision.INT8 || settings.ends() == InputOutputType.FLOAT) {
      return scaled;
    }
    for (LoweredPort port : lowered.outputs()) {
      OutputRange span = golden.spans().get(port.value().name());
      if (span != null) {
        scaled = scaled.with(port.wire(), AffineScaling.ofRange(span.low(), span.high()));
      } else if (lowered.wire(port.wire()).scaling().isEmpty()) {
        notes.add(
            "tflite: output '%s' stays float32, as the model has no scale for it; give --data to have it in 8 bits"
                .formatted(port.value().name()));
      }
    }
    return scaled;
  }

  private FormParity savedModel(LoweredGraph lowered, Path folder) {
    SavedModelWriter.write(lowered, folder);
    SavedModelRuntime runtime = new SavedModelRuntime();
    if (ServedImages.suit(model)) {
      requireSameImages(lowered, runtime, folder);
    }
    try (Predictor p = runtime.open(folder, "serving_default", 1)) {
      return FormParity.of(
          Format.SAVEDMODEL, runtime.name(), p, golden, inTheSameNumbers(golden, noise()));
    }
  }

  private FormReference inTheSameNumbers(GoldenOutputs asked, FloatNoise shaken) {
    FormReference same =
        RoundingTwin.isRounded(model)
            ? FormReference.rounded(asked, FLOAT, unrounded())
            : FormReference.exact(asked, FLOAT);
    return same.with(shaken);
  }

  /** Holds the entrances for pixels and images against what the library itself makes of images. */
  private void requireSameImages(LoweredGraph lowered, SavedModelRuntime runtime, Path folder) {
    ServedImages served = ServedImages.of(model);
    FormReference reference =
        inTheSameNumbers(
            served.golden(), FloatNoise.of(served.golden(), unrounded(), FloatNoise.SINGLE));
    List<Map<String, HostTensor>> images =
        ImageEntrance.ask(folder, lowered.outputs(), served.files());
    if (images.isEmpty()) {
      return;
    }
    refuse("image", reference.fault(images));
    try (Predictor p = runtime.open(folder, "pixels", 1)) {
      List<Map<String, HostTensor>> answers =
          served.pixels().stream().map(x -> p.run(Map.of("pixels", x))).toList();
      refuse("pixels", reference.fault(answers));
    }
  }

  private static void refuse(String signature, Optional<String> fault) {
    fault.ifPresent(
        what -> {
          throw new RunFault(
              "savedmodel: asked by its signature '%s', its %s; nothing is written"
                  .formatted(signature, what));
        });
  }

  private FormParity tfjs(LoweredGraph lowered, Path folder) {
    TfjsModel.of(lowered, settings.bits()).write(folder);
    settings.demo().ifPresent(demo -> page(demo, folder.resolve("demo.html")));
    return NodeRun.run(lowered, folder, golden.asked())
        .map(
            answers ->
                FormParity.of(
                    Format.TFJS,
                    "TF.js " + TfjsScript.VERSION + " in Node.js",
                    answers,
                    golden,
                    settings.bits() == Bits.ALL
                        ? inRealNumbers()
                        : FormReference.rounded(
                                golden, FLOAT, RoundingTwin.stored(unrounded(), settings.bits()))
                            .with(noise())))
        .orElseGet(() -> FormParity.unproved(Format.TFJS, "not run: no Node.js with TF.js here"));
  }

  private void page(ExportSettings.Demo demo, Path file) {
    Consumer<String> heard = note -> notes.add("tfjs: " + note);
    List<DemoPage.Shown> shown = new ArrayList<>();
    shown.add(DemoModel.of(demo.name(), model, demo.examples(), heard));
    demo.beside()
        .ifPresent(
            other -> shown.add(DemoModel.of(demo.besideName(), other, demo.examples(), heard)));
    DemoPage.write(
        shown, demo.examples().map(DemoPictures::of).orElse(List.of()), settings.bits(), file);
  }

  private static List<String> files(Path root, Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(f -> root.relativize(f).toString().replace('\\', '/'))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new RunFault(folder + ": cannot be read: " + AtomicFile.reason(e), e);
    }
  }

  /** Of the model: a page to draw on is none, and C text says the model's bytes once more. */
  private static long size(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(f -> !BESIDE_THE_MODEL.contains(f.getFileName().toString()))
          .mapToLong(f -> f.toFile().length())
          .sum();
    } catch (IOException e) {
      throw new RunFault(folder + ": cannot be read: " + AtomicFile.reason(e), e);
    }
  }
}
