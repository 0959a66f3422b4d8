package org.distill4j.cli.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.data.Splits;
import org.distill4j.data.Subset;
import org.distill4j.data.TrainSet;
import org.distill4j.distill.Teacher;
import org.distill4j.distill.TeacherSignal;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.graph.Graph;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.progress.ProgressListener;
import org.distill4j.softlabels.LabelKey;
import org.distill4j.softlabels.Labeller;
import org.distill4j.softlabels.Labelling;
import org.distill4j.softlabels.SoftLabels;
import org.distill4j.tensor.DType;
import org.distill4j.views.ViewDataset;
import org.distill4j.views.Views;

/**
 * What it costs to ask the reference teacher in the reference student's steps: both alone and then
 * together, in turn, each on all threads, on views by a shift and a turn.
 *
 * @param teacher views that the teacher labels per second, the median of the rounds
 * @param student views that the student learns from labels made ahead per second, likewise
 * @param live the same with the teacher in the step
 * @param cost time with the teacher in the step over that of the slower alone, the median of the
 *     rounds
 */
record LiveWorkload(
    @JsonProperty("teacher_images_per_s") long teacher,
    @JsonProperty("student_images_per_s") long student,
    @JsonProperty("live_images_per_s") long live,
    @JsonProperty("cost_against_slower") double cost,
    long n,
    int rounds,
    int threads) {
  private static final TrainSettings WARM_AND_MEASURED = TrainSettings.epochs(2);

  static LiveWorkload measure(Splits all, long n, int rounds, int threads) {
    Dataset images = Subset.range(all.train().data(), 0, n);
    Splits data = new Splits(new TrainSet(images), all.validation(), all.test());
    Teacher teacher = Teacher.of(ReferenceWorkload.teacher(images), images).threads(threads);
    Graph student = ReferenceWorkload.student(images);
    Views views = new Views(MeasuredSteps.of("[{shift: 2}, {rotate: 10}]"), 1, 1);
    double[] alone = new double[rounds];
    double[] learning = new double[rounds];
    double[] together = new double[rounds];
    double[] cost = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      Path folder = ReferenceWorkload.temporaryFolder();
      try {
        Path file = folder.resolve("labels.safetensors");
        LabelKey key = teacher.key(data, views, 0, DType.FLOAT32);
        alone[round] = label(teacher, images, views, key, file).imagesPerSecond();
        SoftLabels labels = SoftLabels.open(file, key);
        Trainer trainer =
            Trainer.of(student, data).settings(WARM_AND_MEASURED).views(views).threads(threads);
        learning[round] = speed(trainer, new TeacherSignal.ViewLabels(List.of(labels)));
        together[round] = speed(trainer, new TeacherSignal.Online(teacher));
        cost[round] = Math.min(alone[round], learning[round]) / together[round];
      } finally {
        ReferenceWorkload.delete(folder);
      }
    }
    return new LiveWorkload(
        Math.round(median(alone)),
        Math.round(median(learning)),
        Math.round(median(together)),
        Math.round(median(cost) * 1000) / 1000.0,
        n,
        rounds,
        threads);
  }

  private static Labelling label(
      Teacher teacher, Dataset images, Views views, LabelKey key, Path file) {
    ViewDataset examples =
        new ViewDataset(new Preprocessed(images, teacher.preprocessing()), views, 0);
    try (Predictor predictor =
        new OnnxRuntime().openForBatches(teacher.model(), teacher.threads())) {
      return Labeller.label(predictor, examples, key, file, ProgressListener.NONE);
    }
  }

  private static double speed(Trainer trainer, TeacherSignal teaching) {
    return trainer.distil(ReferenceWorkload.OBJECTIVE, teaching).train().examplesPerSecond();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
