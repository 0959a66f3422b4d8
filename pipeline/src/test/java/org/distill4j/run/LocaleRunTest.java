package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Collectors;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.Recipes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run gives the same wherever the user lives. */
class LocaleRunTest {
  private static final Recipe RECIPE =
      Recipes.brief(
          "teacher={net: {mlp: {hidden: [32]}}, train: {epochs: 20, rate: 0.003}}",
          "quantize={samples: 32}",
          "student.train.epochs=1",
          "export={to: [onnx, tflite, tflite-micro, savedmodel, tfjs], examples: 4}");

  private static final Locale LOCALE = Locale.getDefault();
  private static final TimeZone ZONE = TimeZone.getDefault();

  @TempDir static Path folder;

  private static Map<String, String> expected;

  private static Map<String, String> run(String name) throws IOException {
    RecipeRunner.run(RECIPE, folder.resolve(name), ProgressListener.NONE);
    return ChildRun.result(folder.resolve(name));
  }

  @BeforeAll
  static void runHere() throws IOException {
    Locale.setDefault(Locale.ROOT);
    expected = run("root");
  }

  @AfterEach
  void back() {
    Locale.setDefault(LOCALE);
    TimeZone.setDefault(ZONE);
  }

  @ParameterizedTest
  @CsvSource({"ar-EG, Asia/Kathmandu", "tr-TR, UTC", "th-TH-u-ca-buddhist, Pacific/Apia"})
  void run_underAnotherLocaleAndTimeZone_givesTheSameBytes(String tag, String zone)
      throws IOException {
    Locale.setDefault(Locale.forLanguageTag(tag));
    TimeZone.setDefault(TimeZone.getTimeZone(zone));
    assertThat(run(tag)).isEqualTo(expected);
    for (String text : List.of("log.txt", "results.json", "report.html", "recipe.yaml")) {
      assertThat(letters(text, "root")).as(text).containsAll(letters(text, tag));
    }
  }

  /** What a text is written in: digits of other scripts would stand out, figures may differ. */
  private static Set<Integer> letters(String file, String run) throws IOException {
    String text = Files.readString(folder.resolve(run).resolve(file));
    return text.codePoints().filter(c -> c > 127).boxed().collect(Collectors.toSet());
  }
}
