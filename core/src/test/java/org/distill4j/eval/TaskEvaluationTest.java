package org.distill4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.distill4j.data.Dataset;
import org.distill4j.data.TestSet;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

/** Metrics of two classes, of several labels and of numbers, worked out by hand. */
class TaskEvaluationTest {
  /** Its values are what a model that changes nothing answers. */
  private static final class Answered implements Dataset {
    private final TaskType task;
    private final List<String> classes;
    private final float[][] answers;
    private final float[][] truths;

    Answered(TaskType task, List<String> classes, float[][] answers, float[][] truths) {
      this.task = task;
      this.classes = classes;
      this.answers = answers;
      this.truths = truths;
    }

    @Override
    public TaskType task() {
      return task;
    }

    @Override
    public List<String> classes() {
      return classes;
    }

    @Override
    public String name() {
      return "answered";
    }

    @Override
    public Shape shape() {
      return Shape.of(classes.size());
    }

    @Override
    public long size() {
      return answers.length;
    }

    @Override
    public void read(long index, FloatBuffer target) {
      target.put(answers[(int) index]);
    }

    @Override
    public int label(long index) {
      return (int) truths[(int) index][0];
    }

    @Override
    public void targets(long index, FloatBuffer target) {
      target.put(truths[(int) index]);
    }
  }

  private static Evaluation evaluate(
      TaskType task, List<String> classes, float[][] answers, float[]... truths) {
    return Evaluation.of(
        new Toy.Scaling(1, classes.size()),
        Preprocessing.NONE,
        new TestSet(new Answered(task, classes, answers, truths)));
  }

  @Test
  void auc_isTheShareOfPairsInTheRightOrder() {
    // positives score 3, 1, 1; negatives 2, 1, 0: pairs won 3 + 1.5 + 1.5 of 9
    Ranking ranking = new Ranking(6);
    for (float score : new float[] {3, 1, 1}) {
      ranking.add(score, true);
    }
    for (float score : new float[] {2, 1, 0}) {
      ranking.add(score, false);
    }
    assertThat(ranking.auc()).isCloseTo(6 / 9.0, within(1e-12));
  }

  @Test
  void auc_anyScores_equalsCountingAllPairs() {
    Random random = new Random(3);
    for (int trial = 0; trial < 20; trial++) {
      int n = 40;
      Ranking ranking = new Ranking(n);
      float[] scores = new float[n];
      boolean[] has = new boolean[n];
      for (int i = 0; i < n; i++) {
        scores[i] = Math.round(4 * random.nextGaussian()) / 2f; // negative ones and ties too
        has[i] = i == 0 || (i > 1 && random.nextBoolean());
        ranking.add(scores[i], has[i]);
      }
      double won = 0;
      long pairs = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          if (has[i] && !has[j]) {
            pairs++;
            won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
          }
        }
      }
      assertThat(ranking.auc()).isCloseTo(won / pairs, within(1e-12));
    }
    assertThat(new Ranking(0).auc()).isNaN();
  }

  @Test
  void twoClasses_haveF1AndAucOfTheSecond() {
    float[][] answers = {{0, 2}, {0, 1}, {1, 0}, {0, 0.5f}, {3, 0}};
    Evaluation evaluation =
        evaluate(
            TaskType.SINGLE_LABEL,
            List.of("no", "yes"),
            answers,
            new float[][] {{1}, {1}, {1}, {0}, {0}});
    // answers yes yes no yes no: TP 2, FP 1, FN 1
    assertThat(evaluation.more().get(Evaluation.F1)).isCloseTo(4 / 6.0, within(1e-12));
    // of 6 pairs the third positive (-1) loses to the first negative (0.5)
    assertThat(evaluation.more().get(Evaluation.AUC)).isCloseTo(5 / 6.0, within(1e-12));
    assertThat(evaluation.accuracy()).isCloseTo(0.6, within(1e-12));
  }

  @Test
  void severalLabels_countEachByItself() {
    float[][] answers = {{1, -1}, {1, 1}, {-2, 3}};
    Evaluation evaluation =
        evaluate(
            TaskType.MULTI_LABEL,
            List.of("red", "big"),
            answers,
            new float[][] {{1, 0}, {1, 0}, {0, 1}});
    assertThat(evaluation.accuracy()).isCloseTo(2 / 3.0, within(1e-12)); // the second is not exact
    assertThat(evaluation.errors()).isEqualTo(1);
    assertThat(evaluation.more().get(Evaluation.LABEL_ACCURACY)).isCloseTo(5 / 6.0, within(1e-12));
    // red: TP 2; big: TP 1, FP 1
    assertThat(evaluation.more().get(Evaluation.F1)).isCloseTo((1 + 2 / 3.0) / 2, within(1e-12));
    assertThat(evaluation.more().get(Evaluation.F1_MICRO)).isCloseTo(6 / 7.0, within(1e-12));
    assertThat(evaluation.more().get(Evaluation.AUC)).isCloseTo(1, within(1e-12));
    double loss = 3 * Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(1));
    loss += Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(-3));
    assertThat(evaluation.loss()).isCloseTo(loss / 6, within(1e-6));
    assertThat(evaluation.calibration().bins().stream().mapToInt(Calibration.Bin::count).sum())
        .isEqualTo(6);
  }

  @Test
  void numbers_haveDistances() {
    float[][] answers = {{1}, {2}, {6}};
    Evaluation evaluation =
        evaluate(TaskType.REGRESSION, List.of("price"), answers, new float[][] {{2}, {2}, {4}});
    assertThat(evaluation.more().get(Evaluation.MAE)).isCloseTo(1, within(1e-12));
    assertThat(evaluation.more().get(Evaluation.RMSE)).isCloseTo(Math.sqrt(5 / 3.0), within(1e-12));
    // truth: mean 8/3, squares 2 (2/3)² + (4/3)² = 8/3
    assertThat(evaluation.more().get(Evaluation.R2)).isCloseTo(1 - 5 / (8 / 3.0), within(1e-12));
    assertThat(evaluation.loss()).isCloseTo(5 / 3.0, within(1e-12));
    assertThat(evaluation.accuracy()).isNaN();
  }

  /** Of one number; the truths are 0 1 0 1 and so on. */
  private static Evaluation alternating(int n, IntToDoubleFunction answer) {
    float[][] answers = new float[n][];
    float[][] truths = new float[n][];
    for (int i = 0; i < n; i++) {
      answers[i] = new float[] {(float) answer.applyAsDouble(i)};
      truths[i] = new float[] {i % 2};
    }
    return evaluate(TaskType.REGRESSION, List.of("y"), answers, truths);
  }

  @Test
  void atChance_numbersLittleWorseThanTheMean_areNot() {
    // right three times in four, else 1.2 away: the mean gain is 1/4 - 1.44/4 = -0.11, its error
    // over 12 examples sqrt(3/16 * 1.44² / 11) = 0.188
    IntToDoubleFunction answer = i -> i % 4 == 3 ? -0.2 : i % 2;
    Evaluation few = alternating(12, answer);
    assertThat(few.more().get(Evaluation.R2)).isCloseTo(-0.44, within(1e-6));
    assertThat(few.mean().gain()).isCloseTo(-0.11, within(1e-6));
    assertThat(few.mean().error()).isCloseTo(Math.sqrt(3 / 16.0 / 11) * 1.44, within(1e-6));
    assertThat(few.atChance()).isEmpty();
    assertThat(alternating(400, answer).atChance()) // the error is 0.031
        .hasValue(
            "no better than always answering the mean: R² -0.4400 on 400 test examples (expected: > 0)");
  }

  @Test
  void atChance_oneNumberForAll_isSaidFromTenExamplesOn() {
    assertThat(alternating(10, i -> 0.5).atChance()).isPresent();
    assertThat(alternating(9, i -> 7).atChance()).isEmpty();
    assertThat(alternating(1, i -> 7).atChance()).isEmpty();
  }

  @Test
  void atChance_numbersThatAreAllTheSame_cannotTell() {
    float[][] truths = new float[30][];
    float[][] answers = new float[30][];
    for (int i = 0; i < 30; i++) {
      truths[i] = new float[] {0.1f};
      answers[i] = new float[] {i};
    }
    Evaluation evaluation = evaluate(TaskType.REGRESSION, List.of("y"), answers, truths);
    assertThat(evaluation.atChance()).isEmpty();
    assertThat(evaluation.mean().isAtChance()).isFalse();
  }

  @Test
  void pairedErrors_areTheDifferenceExampleByExample() {
    float[][] truths = {{0}, {0}, {0}, {0}};
    Evaluation near =
        evaluate(TaskType.REGRESSION, List.of("y"), new float[][] {{1}, {1}, {2}, {0}}, truths);
    Evaluation far =
        evaluate(TaskType.REGRESSION, List.of("y"), new float[][] {{2}, {3}, {2}, {1}}, truths);
    // the digests differ with the values, so the pair is made by hand
    PairedErrors errors = PairedErrors.of(List.of(near), List.of(renamed(far, near.sha256())));
    assertThat(errors.delta()).isCloseTo(-1, within(1e-12));
    // differences -1 -2 0 -1: squares about -1 are 0 1 1 0, over 3
    assertThat(errors.deviation()).isCloseTo(Math.sqrt(2 / 3.0), within(1e-12));
    assertThat(errors.signs()).isEqualTo(new Comparison(4, 0, 3));
    assertThat(errors.p()).isCloseTo(0.25, within(1e-12)); // 2 / 2³
  }

  private static Evaluation renamed(Evaluation e, String sha256) {
    return new Evaluation(
        e.data(),
        e.purpose(),
        sha256,
        e.task(),
        e.loss(),
        e.confusion(),
        e.calibration(),
        e.predictions(),
        e.more());
  }
}
