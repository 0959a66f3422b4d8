package org.distill4j.step;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.distill4j.distill.Objective;
import org.distill4j.distill.TeacherSignal;
import org.distill4j.distill.TrainedModel;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.eval.Evaluation;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.prune.Allocation;
import org.distill4j.prune.ChannelGroup;
import org.distill4j.prune.ChannelGroups;
import org.distill4j.prune.ChannelImportance;
import org.distill4j.prune.Gradients;
import org.distill4j.prune.Masks;
import org.distill4j.prune.Pruned;
import org.distill4j.prune.Pruner;
import org.distill4j.prune.Sensitivity;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.PruneSettings;
import org.distill4j.settings.StepKey;

/**
 * Makes the student smaller: takes channels out of it and estimates its running statistics anew,
 * then trains it on.
 */
public final class PruneStage {
  private static final String ARTEFACT = "model.onnx";

  private final RunEnvironment run;
  private final PruneSettings settings;
  private final Stage student;
  private final StudentSpec lesson;

  /**
   * Prepares both steps.
   *
   * @param teaching how the student heard its teacher
   * @param student the stage whose model is cut
   */
  public PruneStage(
      RunEnvironment run, PruneSettings settings, Optional<TeacherSignal> teaching, Stage student) {
    this.run = run;
    this.settings = settings;
    this.student = student;
    boolean heard = settings.teacher() && teaching.isPresent();
    this.lesson =
        new StudentSpec(
            ModelNames.PRUNED,
            heard ? run.recipe().distill().objective() : Objective.LABELS_ONLY,
            run.labelled(),
            heard ? teaching : Optional.empty());
  }

  private TrainSettings training() {
    return settings.train(run.recipe().student().train());
  }

  /** What becomes of a model that is cut, or of one that was. */
  public StepKey key(StageKind kind, Stage from) {
    StepKey key = kind.key().from("student", from.sha256());
    return run.studying(lesson.in(key), training());
  }

  /**
   * Makes the smaller student.
   *
   * @param heard takes note of each stage and gives it back
   */
  public Stage run(UnaryOperator<Stage> heard) {
    return heard.apply(
        settings.sparsity().isPresent()
            ? masked(new Masks(settings.sparsity().get(), settings.keep()))
            : tune(heard.apply(cut())));
  }

  /** Takes the channels out. */
  private Stage cut() {
    StepKey key = key(StageKind.PRUNING, student).with("prune", settings);
    return run.stage(ModelNames.CUT, ARTEFACT, key, this::cutInto);
  }

  private RunFolder.Made cutInto(Path target) {
    Graph whole = OnnxReader.read(student.artefact());
    ChannelGroups groups = ChannelGroups.of(whole);
    groups.untouched().forEach(line -> run.says("stays: " + line));
    Gradients gradients =
        settings.criterion().needsGradients()
            ? taker -> trainer(whole).gradients(settings.batches(), taker)
            : Gradients.NONE;
    ChannelImportance scores = ChannelImportance.of(groups, settings.criterion(), gradients);
    Pruner pruner = Pruner.of(groups, scores, settings.allocation(), settings.bounds());
    Evaluation before = Evaluation.of(whole, run.data().validation(), run.threads());
    List<CutResult.Alone> alone = new ArrayList<>();
    Optional<Sensitivity> curves = sensitivity(pruner, before, alone);
    Pruner guided =
        settings.allocation() == Allocation.SENSITIVITY
            ? Pruner.of(
                groups,
                scores.along(groups, curves.orElseThrow()),
                settings.allocation(),
                settings.bounds())
            : pruner;
    Pruned pruned = settings.target().map(guided::to).orElseGet(() -> guided.by(ratio()));
    Graph cut = trainer(pruned.model()).renormalized(settings.batches());
    Evaluation after = Evaluation.of(cut, run.data().validation(), run.threads());
    pruned.notes().forEach(run::says);
    run.says(
        "%s: %s; %s"
            .formatted(
                ModelNames.CUT,
                pruned.summary(),
                pruned.groups().stream()
                    .map(Pruned.Width::summary)
                    .collect(Collectors.joining(", "))));
    run.says(
        String.format(
            Locale.ROOT,
            "%s: validation loss %.4f before, %.4f with its statistics estimated anew%s",
            ModelNames.CUT,
            before.loss(),
            after.loss(),
            Double.isNaN(after.accuracy()) // numbers have none
                ? ""
                : String.format(
                    Locale.ROOT, "; accuracy %.4f, %.4f", before.accuracy(), after.accuracy())));
    OnnxWriter.write(Metadata.withLineage(cut, Map.of("student", student.sha256())), target);
    return new RunFolder.Made(
        new CutResult(
            StepResult.OnValidation.of(before),
            StepResult.OnValidation.of(after),
            pruned.ratio(),
            pruned.after().parameters(),
            pruned.after().macs(),
            pruned.groups().stream()
                .map(w -> new CutResult.Width(w.group().name(), w.group().channels(), w.stay()))
                .toList(),
            alone));
  }

  private double ratio() {
    return settings.ratio().orElseThrow();
  }

  /** What each group's channels are worth, taken out alone; empty where nobody asks. */
  private Optional<Sensitivity> sensitivity(
      Pruner pruner, Evaluation before, List<CutResult.Alone> alone) {
    if (settings.sensitivity().isEmpty()) {
      return Optional.empty();
    }
    int groups = pruner.groups().size();
    run.listener().begin("sensitivity", groups, "groups");
    List<String> told = new ArrayList<>();
    List<Evaluation> found = new ArrayList<>();
    Sensitivity curves =
        Sensitivity.of(
            pruner,
            settings.sensitivity(),
            before.loss(),
            without -> {
              found.add(Evaluation.of(without, run.data().validation(), run.threads()));
              return found.get(found.size() - 1).loss();
            },
            (group, losses) -> {
              told.add(group.name());
              tell(group, before, found, alone);
              found.clear();
              run.listener().advance(told.size(), Map.of());
            });
    run.listener().end(groups + " groups");
    return Optional.of(curves);
  }

  private void tell(
      ChannelGroup group, Evaluation before, List<Evaluation> found, List<CutResult.Alone> alone) {
    List<String> told = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      double share = settings.sensitivity().get(i);
      CutResult.Alone one =
          new CutResult.Alone(group.name(), share, StepResult.OnValidation.of(found.get(i)));
      alone.add(one);
      told.add(String.format(Locale.ROOT, "%s %.4f without %s", one.measure(), one.worth(), share));
    }
    run.says(
        String.format(
            Locale.ROOT,
            "sensitivity of %s on validation: %sloss %.4f; %s",
            group.name(),
            Double.isNaN(before.accuracy())
                ? ""
                : String.format(Locale.ROOT, "accuracy %.4f, ", before.accuracy()),
            before.loss(),
            String.join(", ", told)));
  }

  /** Trains what is left. */
  private Stage tune(Stage cut) {
    return run.stage(
        ModelNames.PRUNED,
        ARTEFACT,
        key(StageKind.TUNING, cut),
        target -> {
          Trainer trainer = trainer(OnnxReader.read(cut.artefact()));
          return StudentStage.fit(trainer, lineage(), target);
        });
  }

  private Map<String, String> lineage() {
    Map<String, String> lineage = new LinkedHashMap<>(lesson.lineage());
    lineage.put("student", student.sha256());
    lineage.put("data", run.dataDigest());
    return lineage;
  }

  /** Trains on while weights become zero. */
  private Stage masked(Masks masks) {
    return run.stage(
        ModelNames.PRUNED,
        ARTEFACT,
        key(StageKind.TUNING, student).with("prune", settings),
        target -> {
          Graph dense = OnnxReader.read(student.artefact());
          TrainedModel trained = StudentStage.train(trainer(dense).masks(masks), lineage(), target);
          TrainingResult.Zeros zeros = zeros(masks, dense, OnnxReader.read(target));
          return new RunFolder.Made(
              trained.epochs(), trained.health(), TrainingResult.of(trained).masked(zeros));
        });
  }

  private TrainingResult.Zeros zeros(Masks masks, Graph dense, Graph sparse) {
    byte[] zeroed = OnnxWriter.toBytes(sparse);
    long before = Masks.compressed(OnnxWriter.toBytes(dense));
    long after = Masks.compressed(zeroed);
    run.says(
        String.format(
            Locale.ROOT,
            "%s: %.1f %% of the masked weights are zero; compressed by gzip %,d bytes instead of %,d; the file itself has %,d bytes, and the model is no faster",
            ModelNames.PRUNED,
            100 * masks.zeros(sparse),
            after,
            before,
            zeroed.length));
    return new TrainingResult.Zeros(masks.zeros(sparse), before, after);
  }

  private Trainer trainer(Graph net) {
    return StudentStage.trainer(run, lesson, net, training());
  }
}
