package org.distill4j.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.EpochOrder;
import org.distill4j.data.LabelledSubset;
import org.distill4j.data.Preprocessed;
import org.distill4j.data.Splits;
import org.distill4j.engine.FeedBatch;
import org.distill4j.engine.TrainSettings;
import org.distill4j.engine.Training;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Preprocessing;
import org.distill4j.progress.ProgressListener;
import org.distill4j.tensor.Shape;
import org.distill4j.views.Mixup;
import org.distill4j.views.Shift;
import org.distill4j.views.ViewReader;
import org.distill4j.views.Views;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;

class BatchComposerTest {
  private static final int SIZE = 200;
  private static final int BATCH = 50;
  private static final int CLASSES = 10;
  private static final Shape SHAPE = Shape.of(1, 4, 4);
  private static final Splits DATA = Computed.splits(SHAPE, SIZE);
  private static final Graph NET = new Mlp(List.of(4), 0).build(SHAPE, CLASSES, 1);
  private static final TrainSettings SETTINGS =
      new TrainSettings(
          8,
          BATCH,
          org.distill4j.engine.Optimizer.adam(),
          new org.distill4j.engine.Rate.Constant(0.001, 0),
          0,
          0,
          0);

  private static TrainingSpec task(
      Views views, LabelledSubset labelled, Optional<TeacherSignal> teaching) {
    return new TrainingSpec(
        "net",
        NET,
        DATA,
        SETTINGS,
        teaching.isPresent() ? new Objective(0.5, 0.5, 1) : Objective.LABELS_ONLY,
        teaching,
        labelled,
        views,
        0,
        7,
        1,
        Optional.empty(),
        false,
        Optional.empty(),
        org.distill4j.engine.lowering.FakeQuantization.FIXED,
        () -> true,
        ProgressListener.NONE);
  }

  private static FeedBatch room(TrainingSpec task) {
    try (Training training = Training.open(NET, task.objective(), SETTINGS, BATCH, 1, 1)) {
      return training.newBatch();
    }
  }

  private static float[] floats(FloatBuffer buffer, int count) {
    float[] values = new float[count];
    buffer.get(values);
    return values;
  }

  /** The sixth batch is of the second pass: view 1 of an endless row, view 0 of one alone. */
  @Test
  void fill_withViews_showsEachExampleInTheViewOfThePass() {
    for (int count : new int[] {0, 1}) {
      Views views = new Views(List.of(new Shift(1)), 3, count);
      TrainingSpec task = task(views, LabelledSubset.all(SIZE), Optional.empty());
      EpochOrder order = new EpochOrder(SIZE, 7, 1);
      ViewReader viewer = new ViewReader(views, DATA.train().data());
      Preprocessed how = new Preprocessed(DATA.train().data(), Preprocessing.NONE);
      try (FeedBatch batch = room(task)) {
        new BatchComposer(task).fill(batch, 5);
        FloatBuffer input = batch.input();
        for (int i = 0; i < BATCH; i++) {
          long index = LabelledSubset.all(SIZE).at(order.at(BATCH + i));
          viewer.look(count == 0 ? 1 : 0, index);
          float[] expected = new float[16];
          viewer.write(how, FloatBuffer.wrap(expected));
          assertThat(floats(input, 16)).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void fill_withMixup_mixesTheLabelsAndLeavesOutWhatMayNotBeSeen() {
    Views views = new Views(List.of(new Mixup(1)), 3, 0);
    LabelledSubset half = LabelledSubset.of(100, SIZE, 1);
    TeacherSignal live = new TeacherSignal.Online(Teacher.of(NET, DATA.train().data()));
    TrainingSpec task = task(views, half, Optional.of(live));
    Dataset data = DATA.train().data();
    ViewReader viewer = new ViewReader(views, data);
    EpochOrder order = new EpochOrder(SIZE, 7, 0);
    int whole = 0;
    int part = 0;
    try (FeedBatch batch = room(task)) {
      new BatchComposer(task).fill(batch, FloatBuffer.allocate(BATCH * 16), 0);
      FloatBuffer labels = batch.array(Objective.LABELS);
      for (int i = 0; i < BATCH; i++) {
        viewer.look(0, order.at(i));
        float[] expected = new float[CLASSES];
        float seen = 0;
        if (half.contains(viewer.index())) {
          expected[data.label(viewer.index())] += (float) viewer.share();
          seen += (float) viewer.share();
        }
        if (half.contains(viewer.partner())) {
          expected[data.label(viewer.partner())] += 1 - (float) viewer.share();
          seen += 1 - (float) viewer.share();
        }
        assertThat(floats(labels, CLASSES)).isEqualTo(expected);
        whole += seen == 1 ? 1 : 0;
        part += seen > 0 && seen < 1 ? 1 : 0;
      }
    }
    assertThat(whole).isPositive();
    assertThat(part).isPositive();
  }

  @Test
  void fill_withALiveTeacher_showsBothTheSameViewEachInItsOwnPreprocessing() {
    Views views = new Views(List.of(new Shift(1), new Mixup(1)), 3, 0);
    Preprocessing other = new Preprocessing(2, List.of(1.0), List.of(4.0));
    Teacher teacher = new Teacher(NET, "0".repeat(64), other, 1);
    TrainingSpec task =
        task(views, LabelledSubset.all(SIZE), Optional.of(new TeacherSignal.Online(teacher)));
    FloatBuffer question = FloatBuffer.allocate(BATCH * 16);
    try (FeedBatch batch = room(task)) {
      new BatchComposer(task).fill(batch, question, 2);
      float[] seen = floats(batch.input(), BATCH * 16);
      for (int i = 0; i < seen.length; i++) {
        assertThat(question.get(i)).isCloseTo((2 * seen[i] - 1) / 4, within(1e-6f));
      }
    }
  }
}
