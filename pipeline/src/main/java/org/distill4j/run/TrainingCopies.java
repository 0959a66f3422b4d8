package org.distill4j.run;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.distill4j.data.Dataset;

/** The test examples that a training part holds too, value by value. */
final class TrainingCopies {
  /** What is read for it at most, in numbers: a second or so. */
  private static final long READ = 100_000_000;

  private TrainingCopies() {}

  /** How many there are; 0 where the data are too large to look. */
  static long of(Dataset train, Dataset test) {
    long numbers = train.shape().elements() * (train.size() + test.size());
    if (numbers > READ) {
      return 0;
    }
    long[] seen = digests(train);
    Arrays.sort(seen);
    return Arrays.stream(digests(test)).filter(d -> Arrays.binarySearch(seen, d) >= 0).count();
  }

  private static long[] digests(Dataset data) {
    FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(data.shape().elements()));
    long[] digests = new long[Math.toIntExact(data.size())];
    for (int i = 0; i < digests.length; i++) {
      data.read(i, values.clear());
      long digest = 1125899906842597L;
      for (float value : values.array()) { // mixed as SplitMix64 does: no two of millions collide
        digest = (digest ^ Float.floatToIntBits(value)) * 0xBF58476D1CE4E5B9L;
        digest ^= digest >>> 29;
      }
      digests[i] = digest;
    }
    return digests;
  }
}
