package org.distill4j.softlabels;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.Nets;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.progress.ProgressListener;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** Examples of three values and a teacher of two classes that is computed by hand. */
final class Questions {
  /** 1,000 examples in batches of 16 are 7 whole chunks of 128 and one of 104. */
  static final int BATCH = 16;

  static final int CHUNK = 8 * BATCH;

  private Questions() {}

  static ArrayDataset data(int examples) {
    SplittableRandom random = new SplittableRandom(Seeds.of(7));
    float[][] values = new float[examples][3];
    int[] labels = new int[examples];
    for (int i = 0; i < examples; i++) {
      for (int k = 0; k < 3; k++) {
        values[i][k] = (float) (20 * random.nextDouble() - 10);
      }
      labels[i] = i % 2;
    }
    return new ArrayDataset(
        "questions", Shape.of(3), List.of("no", "yes"), values, labels, Preprocessing.scale(0.5));
  }

  static Preprocessed examples(int count) {
    return new Preprocessed(data(count), Preprocessing.scale(0.5));
  }

  static Predictor teacher() {
    return new OnnxRuntime().open(Nets.linear(Dim.of("batch")), 1);
  }

  static LabelKey key(Preprocessed examples, DType type) {
    return LabelKey.plain(Sha256.ofTexts("linear"), examples, type);
  }

  /** {@code y0 = x0 + x2 / 2 + 10, y1 = 2 x0 - x1 + 4 x2 - 10} of the halved values. */
  static float[] answer(Preprocessed examples, long index) {
    FloatBuffer x = FloatBuffer.allocate(3);
    examples.read(index, x);
    return new float[] {
      x.get(0) + 0.5f * x.get(2) + 10, 2 * x.get(0) - x.get(1) + 4 * x.get(2) - 10
    };
  }

  static Labelling label(Preprocessed examples, DType type, Path target) {
    return label(examples, type, target, ProgressListener.NONE);
  }

  static Labelling label(
      Preprocessed examples, DType type, Path target, ProgressListener listener) {
    try (Predictor teacher = teacher()) {
      return Labeller.label(teacher, examples, key(examples, type), target, BATCH, listener);
    }
  }
}
