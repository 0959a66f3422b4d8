package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promise of the README's first page, kept on the data inside the repository. */
@Tag("slow")
class QuickstartTest {
  private static final double PARAMETERS_RATIO = 15;
  private static final double GAIN_ON_ALONE = .03;
  private static final double LOSS_TO_TEACHER = .025;
  private static final double PRUNED_MACS = .6;
  private static final double LOSS_TO_STUDENT = .005;
  private static final double INTEGERS_LOSS = .003; // of the net that they are made from
  private static final double INTEGERS_SMALLER = 3.3;
  private static final double TEACHER_LARGER = 50;
  private static final double SIGNIFICANT = .001;

  @TempDir private Path folder;

  @Test
  void quickstart_fromNothing_makesASmallStudentNearlyAsGoodAsTheTeacher() throws IOException {
    Path out = folder.resolve("run");
    Spoken told = Spoken.of("quickstart", "--out", out.toString());
    assertThat(told.out()).contains("student-alone");
    JsonNode results = new ObjectMapper().readTree(out.resolve("results.json").toFile());

    assertThat(model(results, "teacher").get("parameters").asDouble())
        .isGreaterThanOrEqualTo(
            PARAMETERS_RATIO * model(results, "student").get("parameters").asDouble());
    JsonNode gain = comparison(results, "student-alone");
    assertThat(gain.get("delta").asDouble()).isGreaterThanOrEqualTo(GAIN_ON_ALONE);
    assertThat(gain.get("mcnemar_p").asDouble()).isLessThan(SIGNIFICANT);
    assertThat(comparison(results, "teacher").get("delta").asDouble())
        .isGreaterThanOrEqualTo(-LOSS_TO_TEACHER);
    JsonNode student = model(results, "student");
    JsonNode pruned = model(results, "student-pruned");
    assertThat(pruned.get("macs").asDouble())
        .isLessThanOrEqualTo(PRUNED_MACS * student.get("macs").asDouble());
    assertThat(accuracy(pruned)).isGreaterThan(accuracy(student) - LOSS_TO_STUDENT);
    JsonNode integers = model(results, "student-int8");
    assertThat(accuracy(integers)).isGreaterThan(accuracy(pruned) - INTEGERS_LOSS);
    assertThat(INTEGERS_SMALLER * bytes(integers)).isLessThan(bytes(student));
    assertThat(TEACHER_LARGER * bytes(integers)).isLessThan(bytes(model(results, "teacher")));
    JsonNode lone = comparison(results, "student-alone-int8");
    assertThat(lone.get("delta").asDouble()).isGreaterThanOrEqualTo(GAIN_ON_ALONE);
    assertThat(lone.get("mcnemar_p").asDouble()).isLessThan(SIGNIFICANT);
    for (String name :
        new String[] {
          "teacher",
          "student-alone",
          "student-alone-int8",
          "student",
          "student-all-labels",
          "student-pruned",
          "student-int8"
        }) {
      assertThat(out.resolve(name).resolve("model.onnx")).isNotEmptyFile();
    }
    assertThat(out.resolve("report.html")).isNotEmptyFile();
  }

  private static JsonNode model(JsonNode results, String name) {
    return find(results.get("models"), "name", name);
  }

  private static double accuracy(JsonNode model) {
    return model.get("metrics").get("accuracy").asDouble();
  }

  private static double bytes(JsonNode model) {
    return model.get("bytes").asDouble();
  }

  private static JsonNode comparison(JsonNode results, String baseline) {
    return find(results.get("comparisons"), "baseline", baseline);
  }

  private static JsonNode find(JsonNode list, String key, String value) {
    for (JsonNode entry : list) {
      if (entry.get(key).asText().equals(value)) {
        return entry;
      }
    }
    throw new AssertionError(key + " " + value + " (expected: one in " + list + ")");
  }
}
