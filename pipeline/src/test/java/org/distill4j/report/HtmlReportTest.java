package org.distill4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.distill4j.results.Metrics;
import org.distill4j.results.Results;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror=y>{{data}}";

  @TempDir Path folder;

  /** Hardly anything to show, and all of it named to do harm. */
  static ReportData hostile() {
    Results.Model model =
        new Results.Model(HOSTILE, HOSTILE, 1, 1, 1, new Metrics(10, 0.5, 5, 1, null), null);
    return new ReportData(
        new Results(
            1,
            HOSTILE,
            1,
            2,
            new Results.Data(HOSTILE, 10, 10, 10, "ab"),
            List.of(new Results.Stage(HOSTILE, 1, false, HOSTILE, "ab")),
            List.of(model),
            List.of(
                new Results.Comparison(HOSTILE, HOSTILE, "accuracy", 10, 0, List.of(-0.1, 0.1), 1)),
            List.of(),
            null),
        List.of(HOSTILE, "b"),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        List.of(),
        HOSTILE,
        new Environment(HOSTILE, HOSTILE, HOSTILE, List.of(), 1, 1, 1, Map.of(HOSTILE, HOSTILE)));
  }

  @Test
  void of_hostileNames_neverBecomeMarkup() {
    String page = HtmlReport.of(hostile());
    assertThat(page)
        .doesNotContain("<script>alert", "<img src=x")
        .contains("<title>&lt;/script&gt;&lt;script&gt;alert(1)");
    assertThat(Pattern.compile("</script").matcher(page).results().count()).isEqualTo(3);
  }

  @Test
  void of_page_carriesItsLibraryAndItsLicence() {
    assertThat(HtmlReport.of(hostile()))
        .contains("Chart.js v4.4.9", "Released under the MIT License")
        .doesNotContain("sourceMappingURL", "{{style}}", "{{charts}}", "{{script}}");
  }

  @Test
  void write_twice_isTheSame() throws IOException {
    Path first = folder.resolve("a/report.html");
    Path second = folder.resolve("b/report.html");
    HtmlReport.write(first, hostile());
    HtmlReport.write(second, hostile());
    assertThat(Files.mismatch(first, second)).isEqualTo(-1);
  }
}
