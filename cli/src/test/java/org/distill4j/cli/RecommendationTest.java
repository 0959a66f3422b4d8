package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.eval.Comparison;
import org.distill4j.quantize.Preference;
import org.distill4j.search.Candidate;
import org.distill4j.search.CompressionSearch;
import org.junit.jupiter.api.Test;

/** Which model compress says to take. */
class RecommendationTest {
  private static final Candidate FLOAT = candidate("float", 4000, 0, 1.0);

  private static Candidate candidate(String name, long bytes, double drop, double p50) {
    return new Candidate(
        name,
        "",
        name + "/model.onnx",
        "key",
        bytes,
        "sha256",
        250,
        1_000,
        0,
        0.9 - drop,
        drop,
        1,
        p50,
        "",
        List.of(),
        Float.SIZE,
        List.of(),
        0,
        null,
        null);
  }

  private static String says(Candidate best, boolean passed, Comparison onTest) {
    CompressionSearch.Found found =
        new CompressionSearch.Found(
            List.of(FLOAT, best), best, passed, 0.9, 0.9, onTest, List.of());
    return says(found, Preference.BYTES);
  }

  private static String says(CompressionSearch.Found found, Preference prefer) {
    return new Recommendation(found, Path.of("mine.onnx"), Path.of("compressed"), 0.01, prefer)
        .says();
  }

  /** What a search says that made this one alone and found it not worth taking. */
  private static String saysWithout(Candidate made, Preference prefer) {
    return says(
        new CompressionSearch.Found(
            List.of(FLOAT, made), FLOAT, false, 0.9, 0.9, new Comparison(9, 0, 0), List.of()),
        prefer);
  }

  @Test
  void says_aSmallerOneWithinTheLimit_takesItAndSaysWhatItMayLose() {
    // the lower end of the difference is what may be lost at most
    Comparison onTest = new Comparison(1000, 4, 2);
    assertThat(says(candidate("int8", 1000, 0.002, 0.5), true, onTest))
        .startsWith(
            "take int8, compressed/int8/model.onnx: of 1 candidates the smallest within the limit,"
                + " 4.0 times smaller, 2.00 times faster here; on the test set it loses at most ")
        .endsWith(String.format("%.2f points of accuracy (95 %% bound)", -100 * onTest.low()));
    assertThat(says(candidate("int8", 1000, 0.002, 2), true, onTest))
        .contains("4.0 times smaller, though 2.00 times slower here");
  }

  @Test
  void says_nothingWithinTheLimit_takesTheModelAsItIs() {
    assertThat(says(candidate("int8", 1000, 0.05, 0.5), false, new Comparison(1000, 50, 0)))
        .isEqualTo(
            "take the model as it is, mine.onnx: no candidate is within the limit; int8, which loses"
                + " least, loses 5.00 points on validation");
  }

  @Test
  void says_theTestSetRefutesValidation_takesTheModelAsItIs() {
    assertThat(says(candidate("int8", 1000, 0.002, 0.5), true, new Comparison(1000, 60, 2)))
        .startsWith("take the model as it is, mine.onnx: int8 keeps the limit on validation, but");
  }

  @Test
  void says_noGain_takesTheModelAsItIs() {
    // 3996 of 4000 bytes are 99.9 %
    assertThat(saysWithout(candidate("int8", 3996, 0, 1.39), Preference.BYTES))
        .isEqualTo(
            "take the model as it is, mine.onnx: int8 is within the limit, but takes 99.9 % of the"
                + " bytes and 1.39 times the time (expected: 5 % less of either)");
    assertThat(saysWithout(candidate("int8", 1000, 0, 1.39), Preference.SPEED))
        .endsWith(
            "takes 25.0 % of the bytes and 1.39 times the time (expected: 5 % less of time, or of"
                + " bytes in the same time)");
  }

  @Test
  void says_aFasterOneThatIsLarger_saysBoth() {
    assertThat(says(candidate("int8", 6000, 0, 0.5), true, new Comparison(1000, 0, 0)))
        .contains(", 2.00 times faster here, though 1.5 times larger; on the test set");
  }

  @Test
  void gains_anyShares_areAtLeastATwentiethOfBytesOrTime() {
    SplittableRandom random = new SplittableRandom(Seeds.of(71));
    for (int trial = 0; trial < 2000; trial++) {
      int bytes = 3600 + random.nextInt(801); // of 4000, of which a twentieth is 200
      int time = 90 + random.nextInt(21); // hundredths
      Candidate made = candidate("int8", bytes, 0, time / 100.0);
      boolean isSmaller = 4000 - bytes >= 200;
      boolean isFaster = time <= 95;
      boolean isSlower = 100 <= .95 * time;
      String of = bytes + " bytes, " + time;
      assertThat(made.gains(FLOAT, Preference.BYTES)).as(of).isEqualTo(isSmaller || isFaster);
      assertThat(made.gains(FLOAT, Preference.SPEED))
          .as(of)
          .isEqualTo(isFaster || (isSmaller && !isSlower));
    }
  }
}
