package org.distill4j.step;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.distill4j.distill.TeacherSignal;
import org.distill4j.distill.TrainedModel;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.RelativeTime;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.quantize.Int8Speed;
import org.distill4j.quantize.PostTraining;
import org.distill4j.quantize.Preference;
import org.distill4j.quantize.QuantizeSettings;
import org.distill4j.quantize.SlowLayers;
import org.distill4j.quantize.ptq.RangeMode;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.recipe.Baseline;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.Recipe;
import org.distill4j.results.IntegerParity;
import org.distill4j.results.Results;
import org.distill4j.settings.StepKey;
import org.distill4j.storage.AtomicFile;

/** Makes a student one of 8-bit integers, and trains it on if that is asked for. */
public final class QuantizeStage {
  private static final String ARTEFACT = "model.onnx";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double FASTER = 1 - Results.GAIN;

  private final RunEnvironment run;
  private final String name;
  private final QuantizeSettings settings;
  private final Stage student;
  private final Optional<QuantizationAwareStep> lesson;

  /**
   * Prepares it.
   *
   * @param name of the stage
   * @param teaching how the student heard its teacher, for where it is trained on
   */
  public QuantizeStage(
      RunEnvironment run,
      String name,
      QuantizeSettings settings,
      Optional<TeacherSignal> teaching,
      Stage student) {
    this.run = run;
    this.name = name;
    this.settings = settings;
    this.student = student;
    this.lesson =
        settings.train().map(aware -> new QuantizationAwareStep(run, name, aware, teaching));
  }

  public Stage run() {
    return run.stage(name, ARTEFACT, key(), this::make);
  }

  /** What it is made from. */
  public StepKey key() {
    StepKey key =
        StageKind.QUANTIZATION
            .key()
            .from("student", student.sha256())
            .from("data", run.dataDigest())
            .with("quantize", settings)
            .with("target", target())
            .with("integers", settings.integers(target()))
            .with("threads", run.threads());
    return lesson.map(l -> l.in(key)).orElse(key);
  }

  private RunFolder.Made make(Path file) {
    Graph floats = OnnxReader.read(student.artefact());
    PostTraining.Quantized made =
        PostTraining.of(
            floats,
            run.lessons(),
            settings,
            settings.prefer() == Preference.SPEED ? slow(floats, file) : SlowLayers.NONE,
            target(),
            lesson.map(l -> l.school(file)),
            run.threads(),
            run.listener());
    Graph graph = made.best().graph();
    Map<String, String> lineage = new LinkedHashMap<>();
    lesson.ifPresent(l -> lineage.putAll(l.lineage()));
    lineage.put("student", student.sha256());
    OnnxWriter.write(Metadata.withLineage(graph, lineage), file);
    IntegerParity parity = null;
    Double timeBesideFloat = null;
    if (made.isOfIntegers()) {
      run.says(name + ": taken, " + made.best().summary());
      parity = IntegerParityCheck.parity(run, name, graph);
      timeBesideFloat = timed(floats, graph);
    } else {
      run.says(name + ": stays the float student, as every layer is faster in float here");
    }
    Optional<TrainedModel> shown =
        made.best().training().or(() -> made.taught().stream().findFirst()).map(t -> t.trained());
    return new RunFolder.Made(
        shown.map(TrainedModel::epochs).orElse(List.of()),
        shown.map(TrainedModel::health).orElse(List.of()),
        QuantizationResult.of(made, timeBesideFloat),
        parity);
  }

  /** What was measured once stays: a stage that was cut off goes on with the same layers float. */
  private SlowLayers.Found slow(Graph floats, Path beside) {
    Path file = beside.resolveSibling("slow-layers.json");
    SlowLayers.Found slow;
    try {
      slow = JSON.readValue(file.toFile(), SlowLayers.Found.class);
    } catch (IOException e) { // not there yet
      slow =
          SlowLayers.of(floats, run.lessons(), settings, target(), run.threads(), run.listener());
      AtomicFile.write(file, "slow-layers", JSON.valueToTree(slow).toPrettyString());
    }
    run.says(name + ": " + slow.summary());
    return slow;
  }

  /** How long it takes beside the student; null for another machine. */
  private Double timed(Graph floats, Graph integers) {
    if (!target().isHere()) {
      return null;
    }
    try (Predictor mine = target().runtime().open(integers, 1);
        Predictor other = target().runtime().open(floats, 1)) {
      double ratio = RelativeTime.of(mine, other);
      String gain = ratio < FASTER ? "" : ": 8 bits make it smaller, not faster";
      boolean canPrefer =
          settings.prefer() == Preference.BYTES && settings.form() == RangeMode.STATIC;
      String hint = "; prefer: speed keeps layers float that they slow down";
      run.says(
          String.format(
              Locale.ROOT,
              "%s: takes %.2f of the float model's time on this machine%s%s",
              name,
              ratio,
              gain,
              ratio < FASTER || !canPrefer ? "" : hint));
      return ratio;
    }
  }

  /** What it will do, in a line for each model. */
  public static List<String> plan(Recipe recipe, QuantizeSettings settings, long examples) {
    List<String> lines = new ArrayList<>();
    lines.add(
        ModelNames.INT8
            + ": "
            + says(settings, recipe.target(), examples)
            + QuantizationAwareStep.plan(recipe));
    lines.add("  target " + Int8Speed.told(recipe.target()));
    if (recipe.baselines().contains(Baseline.ALONE_INT8)) {
      lines.add(Baseline.ALONE_INT8.model() + ": the same made of " + Baseline.ALONE.model());
    }
    return lines;
  }

  private static String says(QuantizeSettings settings, TargetMachine target, long examples) {
    int bits = settings.integers(target).weightBits();
    String form =
        settings.form() == RangeMode.DYNAMIC
            ? "ranges found at each run"
            : String.format(
                Locale.ROOT, "ranges from %,d examples", Math.min(settings.samples(), examples));
    return String.format(
        Locale.ROOT,
        "8-bit integers, %s, weights of %d bits%s%s%s",
        form,
        bits,
        settings.prefer() == Preference.SPEED ? ", layers that integers slow down here float" : "",
        settings
            .maxDrop()
            .map(
                drop ->
                    String.format(
                        Locale.ROOT, ", repaired until %.2f points are lost at most", 100 * drop))
            .orElse(""),
        target == TargetMachine.HERE ? "" : ", for target " + target.spelling());
  }

  private TargetMachine target() {
    return run.recipe().target();
  }
}
