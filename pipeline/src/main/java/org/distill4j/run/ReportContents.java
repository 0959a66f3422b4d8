package org.distill4j.run;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.distill4j.data.Dataset;
import org.distill4j.distill.TeacherSignal;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.Probabilities;
import org.distill4j.eval.ScoreKind;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.Runtimes;
import org.distill4j.recipe.Baseline;
import org.distill4j.recipe.DistillSettings;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.RecipeWriter;
import org.distill4j.report.Environment;
import org.distill4j.report.Gallery;
import org.distill4j.report.ReportData;
import org.distill4j.results.Results;
import org.distill4j.schedule.Schedule;
import org.distill4j.step.RunEnvironment;

/**
 * The contents of a report: beside the results what models say of some examples, and how the
 * objective moved.
 *
 * @param made the models, in the order to show them
 * @param teaching how the student heard the teacher; empty if nobody taught
 * @param graphs each model, of the first seed
 * @param evaluations of each model, one for each seed
 */
record ReportContents(
    RunEnvironment run,
    List<SeededModels> made,
    Optional<TeacherSignal> teaching,
    Map<String, Graph> graphs,
    Map<String, List<Evaluation>> evaluations) {
  private static final int COURSE_POINTS = 120;
  private static final int SHOWN_TEST_IMAGES = 16;
  private static final int SHOWN_SOFT_LABELS = 10;
  private static final List<String> SHOWN_MODELS =
      List.of(ModelNames.TEACHER, Baseline.ALONE.model(), ModelNames.STUDENT);

  /** What the report shows of a run. */
  ReportData of(Results results) {
    return new ReportData(
        results,
        run.data().test().data().classes(),
        made.stream()
            .filter(m -> !m.first().record().epochs().isEmpty())
            .map(m -> new ReportData.Curve(m.model(), m.first().record().epochs()))
            .toList(),
        evaluations.entrySet().stream()
            .map(e -> new ReportData.Judged(e.getKey(), e.getValue().get(0)))
            .toList(),
        samples(),
        teaching
            .filter(heard -> run.data().task() == TaskType.SINGLE_LABEL)
            .map(this::shownSoftLabels),
        courses(),
        RecipeWriter.text(run.recipe()),
        Environment.here(run.threads()));
  }

  /** All three where one of them moves, so that they can be compared. */
  private List<ReportData.Course> courses() {
    DistillSettings distill = run.recipe().distill();
    Map<String, Schedule> all = new LinkedHashMap<>();
    all.put("hard", distill.hard());
    all.put("soft", distill.soft());
    all.put("temperature", distill.temperature());
    if (teaching.isEmpty() || all.values().stream().allMatch(Schedule::isConstant)) {
      return List.of();
    }
    return all.entrySet().stream()
        .map(
            e ->
                new ReportData.Course(
                    e.getKey(),
                    e.getValue().says(),
                    IntStream.rangeClosed(0, COURSE_POINTS)
                        .mapToObj(i -> e.getValue().at((double) i / COURSE_POINTS))
                        .toList()))
        .toList();
  }

  private List<ReportData.Sample> samples() {
    List<String> shown = SHOWN_MODELS.stream().filter(evaluations::containsKey).toList();
    Dataset test = run.data().test().data();
    long[] indices =
        Gallery.pick(
            SHOWN_TEST_IMAGES, shown.stream().map(m -> evaluations.get(m).get(0)).toList());
    Map<String, double[][]> probabilities = new LinkedHashMap<>();
    for (String name : shown) {
      Graph graph = graphs.get(name);
      try (Predictor predictor = Runtimes.of(graph).openForBatches(graph, run.threads())) {
        probabilities.put(
            name,
            Probabilities.of(
                predictor,
                ScoreKind.LOGITS,
                Metadata.preprocessing(graph).orElseThrow(),
                test,
                indices));
      }
    }
    return Gallery.samples(test, indices, probabilities);
  }

  private ReportData.SoftLabels shownSoftLabels(TeacherSignal heard) {
    Dataset train = run.lessons().train().data();
    long[] indices = Gallery.oneOfEach(train, SHOWN_SOFT_LABELS);
    double[][] logits =
        heard instanceof TeacherSignal.Cached plain
            ? plain.labels().rows(indices)
            : logits(graphs.get(ModelNames.TEACHER), train, indices);
    return Gallery.softLabels(train, indices, run.recipe().distill().temperature().at(1), logits);
  }

  /** What the teacher says of the examples as they are, up to a constant in each row. */
  private double[][] logits(Graph teacher, Dataset train, long[] indices) {
    Preprocessing taken = Metadata.preprocessing(teacher).orElseThrow();
    try (Predictor predictor = Runtimes.of(teacher).open(teacher, run.threads())) {
      double[][] rows = Probabilities.of(predictor, ScoreKind.LOGITS, taken, train, indices);
      for (double[] row : rows) {
        Arrays.setAll(row, c -> Math.log(Math.max(row[c], Double.MIN_NORMAL)));
      }
      return rows;
    }
  }
}
