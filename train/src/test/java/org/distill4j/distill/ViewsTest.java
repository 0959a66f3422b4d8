package org.distill4j.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.Seeds;
import org.distill4j.data.LabelledSubset;
import org.distill4j.data.Splits;
import org.distill4j.engine.TrainSettings;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.progress.Epoch;
import org.distill4j.progress.ProgressListener;
import org.distill4j.softlabels.SoftLabels;
import org.distill4j.softlabels.TeacherCheck;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.views.Mixup;
import org.distill4j.views.Noise;
import org.distill4j.views.Rotate;
import org.distill4j.views.Shift;
import org.distill4j.views.Views;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Students that see views, on labels made ahead and on a teacher that is asked on the way. */
class ViewsTest {
  private static final Shape SHAPE = Shape.of(1, 12, 12);
  private static final Splits DATA = Computed.splits(SHAPE, 640);
  private static final Objective OBJECTIVE = new Objective(0.3, 0.7, 3);
  private static final TrainSettings SETTINGS = TrainSettings.epochs(4);
  private static final Views VIEWS =
      new Views(List.of(new Shift(1), new Rotate(10), new Noise(0.1), new Mixup(0.3)), 5, 2);

  private static Teacher teacher;

  @TempDir Path folder;

  @BeforeAll
  static void makeTeacher() {
    Graph net = new Mlp(List.of(32), 0).build(SHAPE, 10, Seeds.of(9));
    teacher = Teacher.of(Trainer.of(net, DATA).settings(SETTINGS).train().model()).threads(2);
  }

  private static Trainer student() {
    return Trainer.of(new Mlp(List.of(16), 0.1).build(SHAPE, 10, Seeds.of(4)), DATA)
        .settings(SETTINGS)
        .seed(3)
        .threads(2)
        .labelled(LabelledSubset.of(200, 640, 1))
        .views(VIEWS);
  }

  private TeacherSignal ahead(DType type) {
    TeacherCheck check = teacher.check(DATA, ProgressListener.NONE);
    List<SoftLabels> files = new ArrayList<>();
    for (int view = 0; view < VIEWS.count(); view++) {
      Path file = folder.resolve("view" + view + ".safetensors");
      files.add(
          teacher.teach(DATA, VIEWS, view, file, type, check, ProgressListener.NONE).labels());
    }
    return new TeacherSignal.ViewLabels(files);
  }

  private static String bytes(TrainedModel trained) {
    return Sha256.of(OnnxWriter.toBytes(trained.model()));
  }

  @Test
  void train_onALiveTeacher_givesTheSameBytesAgainAndAfterACut() {
    TeacherSignal live = new TeacherSignal.Online(teacher);
    String whole = bytes(student().distil(OBJECTIVE, live).train());
    assertThat(bytes(student().distil(OBJECTIVE, live).train())).isEqualTo(whole);
    Path checkpoint = folder.resolve("checkpoint.safetensors");
    Trainer cut =
        student()
            .distil(OBJECTIVE, live)
            .checkpoint(checkpoint)
            .listener(
                new ProgressListener() {
                  @Override
                  public void begin(String step, long total, String unit) {}

                  @Override
                  public void advance(long done, Map<String, Double> measures) {}

                  @Override
                  public void epoch(Epoch ended) {
                    if (ended.epoch() == 2) {
                      throw new IllegalStateException("cut off");
                    }
                  }

                  @Override
                  public void end(String summary) {}
                });
    assertThatThrownBy(cut::train).hasMessage("cut off");
    TrainedModel resumed = student().distil(OBJECTIVE, live).checkpoint(checkpoint).train();
    assertThat(bytes(resumed)).isEqualTo(whole);
  }

  /** The teacher meets the same inputs in batches of another order: only rounding may differ. */
  @Test
  void train_onLabelsOfTheViewsAhead_learnsWhatTheLiveTeacherTeaches() {
    Graph ahead = student().distil(OBJECTIVE, ahead(DType.FLOAT32)).train().model();
    Graph live = student().distil(OBJECTIVE, new TeacherSignal.Online(teacher)).train().model();
    for (Map.Entry<String, HostTensor> weight : ahead.initializers().entrySet()) {
      if (weight.getValue().type() == DType.FLOAT32) {
        float[] expected = live.initializers().get(weight.getKey()).toFloats();
        assertThat(weight.getValue().toFloats()).containsExactly(expected, within(1e-3f));
      }
    }
  }

  @Test
  void train_onViews_isAnotherTrainingThanOnThePlainExamples() {
    TrainedModel plain = student().views(Views.PLAIN).train();
    TrainedModel varied = student().train();
    assertThat(bytes(varied)).isNotEqualTo(bytes(plain));
    assertThat(bytes(student().train())).isEqualTo(bytes(varied));
  }

  @Test
  void train_augmentedOnPlainLabels_isRefusedUnlessMeant() {
    SoftLabels plain = teacher.label(DATA, folder.resolve("plain.safetensors"));
    Views shifted = new Views(List.of(new Shift(1)), 5, 0);
    assertThatThrownBy(() -> student().views(shifted).distil(OBJECTIVE, plain).check())
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "net: augmented, on labels of the plain examples (expected: labels of its views, or a"
                + " live teacher)");
    student().views(shifted).distil(OBJECTIVE, new TeacherSignal.Cached(plain, true)).check();
    TeacherSignal meant = new TeacherSignal.Cached(plain, true);
    assertThatThrownBy(() -> student().distil(OBJECTIVE, meant).check()) // mixes
        .isInstanceOf(InputFault.class);
  }

  @Test
  void train_onLabelsOfOtherViews_isRefused() {
    TeacherSignal ahead = ahead(DType.FLOAT16);
    Views others = new Views(VIEWS.steps(), 6, 2);
    assertThatThrownBy(() -> student().views(others).distil(OBJECTIVE, ahead).check())
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("soft labels of view 0 of seed 5")
        .hasMessageContaining("(expected: view 0 of seed 6");
    Views more = new Views(VIEWS.steps(), 5, 3);
    assertThatThrownBy(() -> student().views(more).distil(OBJECTIVE, ahead).check())
        .hasMessage("net: labels of 2 views (expected: of 3, the views it sees)");
  }

  @Test
  void train_onALiveTeacherThatGivesNoNumbers_isRefusedInOneLine() {
    Map<String, HostTensor> broken = new LinkedHashMap<>(teacher.model().initializers());
    broken.replaceAll(
        (name, value) -> {
          if (value.type() != DType.FLOAT32) {
            return value;
          }
          float[] numbers = value.toFloats();
          numbers[0] = Float.NaN;
          return HostTensor.ofFloats(value.shape(), numbers);
        });
    Teacher mad = Teacher.of(teacher.model().withInitializers(broken));
    assertThatThrownBy(() -> student().distil(OBJECTIVE, new TeacherSignal.Online(mad)).train())
        .isInstanceOf(RunFault.class)
        .hasMessageStartingWith("net: teacher logit at step 1, class '0': NaN (expected: finite;");
  }
}
