package org.distill4j.run;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.distill4j.data.Dataset;
import org.distill4j.graph.TaskType;

/**
 * The test examples that a training part holds too, value by value.
 *
 * @param count how many there are; 0 where the data are too large to look
 * @param otherwise how many of them have a label that no training example of these values has: they
 *     look alike, and are no copies
 */
record TrainingCopies(long count, long otherwise) {
  /** What is read for it at most, in numbers: a second or so. */
  private static final long READ = 100_000_000;

  /** Counts them. */
  static TrainingCopies of(Dataset train, Dataset test) {
    long numbers = train.shape().elements() * (train.size() + test.size());
    if (numbers > READ) {
      return new TrainingCopies(0, 0);
    }
    long[] asked = digests(test);
    long[] seen = digests(train);
    long[] labelled = labelled(seen, train);
    long[] askedLabelled = labelled(asked, test);
    Arrays.sort(seen);
    Arrays.sort(labelled);
    long count = 0;
    long otherwise = 0;
    for (int i = 0; i < asked.length; i++) {
      if (Arrays.binarySearch(seen, asked[i]) >= 0) {
        count++;
        otherwise += Arrays.binarySearch(labelled, askedLabelled[i]) >= 0 ? 0 : 1;
      }
    }
    return new TrainingCopies(count, otherwise);
  }

  /** Digests of values and label; of values alone where an example has no one class. */
  private static long[] labelled(long[] digests, Dataset data) {
    long[] labelled = digests.clone();
    if (data.task() == TaskType.SINGLE_LABEL) {
      for (int i = 0; i < labelled.length; i++) {
        labelled[i] = mixed(labelled[i], data.label(i) + 1);
      }
    }
    return labelled;
  }

  private static long[] digests(Dataset data) {
    FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(data.shape().elements()));
    long[] digests = new long[Math.toIntExact(data.size())];
    for (int i = 0; i < digests.length; i++) {
      data.read(i, values.clear());
      long digest = 1125899906842597L;
      for (float value : values.array()) {
        digest = mixed(digest, Float.floatToIntBits(value));
      }
      digests[i] = digest;
    }
    return digests;
  }

  /** As SplitMix64 mixes: no two of millions collide. */
  private static long mixed(long digest, int value) {
    long mixed = (digest ^ value) * 0xBF58476D1CE4E5B9L;
    return mixed ^ mixed >>> 29;
  }
}
