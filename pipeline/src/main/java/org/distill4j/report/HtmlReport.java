package org.distill4j.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.distill4j.results.ResultsJson;
import org.distill4j.storage.AtomicFile;

/**
 * The HTML report of a run, one page to look at. The file holds all it needs, the chart library
 * included: it opens offline and asks no other address for anything, which its content security
 * policy enforces.
 *
 * <p>Text of the run reaches the page as JSON only, and the page's script puts it in as text, so
 * that nothing in a name or a recipe can become markup.
 */
public final class HtmlReport {
  private static final List<String> STYLES = List.of("page.css", "figures.css");
  private static final List<String> SCRIPTS =
      List.of(
          "dom.js",
          "summary.js",
          "gate.js",
          "advice.js",
          "curves.js",
          "courses.js",
          "search.js",
          "pareto.js",
          "pruning.js",
          "parity.js",
          "confusion.js",
          "calibration.js",
          "thresholds.js",
          "samples.js",
          "run.js",
          "main.js");
  private static final String CHARTS = "/META-INF/resources/webjars/chart.js/%s/dist/chart.umd.js";
  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}");

  private HtmlReport() {}

  /**
   * Writes the page; its name holds the old content or the new, never a part.
   *
   * @throws org.distill4j.fault.RunFault if the disk refuses
   */
  public static void write(Path file, ReportData data) {
    AtomicFile.write(file, "report", of(data));
  }

  /** The page; the same for the same data. */
  public static String of(ReportData data) {
    return page("page/page.html", data.results().recipe(), SCRIPTS, PageData.of(data));
  }

  /** A page of a frame, with what its scripts read. */
  static String page(String frame, String title, List<String> scripts, Object data) {
    Map<String, String> parts =
        Map.of(
            "title", escape(title),
            "style", concatenated(STYLES),
            "charts", chartLibrary(),
            "data", ResultsJson.inScript(data),
            "script", concatenated(scripts));
    // one pass: what is put in is not searched for places again
    Matcher place = PLACE.matcher(resource(frame));
    return place.replaceAll(m -> Matcher.quoteReplacement(parts.get(m.group(1))));
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Without its last line, which would make developer tools ask for a source map. */
  private static String chartLibrary() {
    String script = resource(CHARTS.formatted(Environment.libraries().get("Chart.js")));
    return script.replaceFirst("//# sourceMappingURL=\\S*\\s*$", "");
  }

  private static String concatenated(List<String> names) {
    StringBuilder all = new StringBuilder();
    names.forEach(name -> all.append(resource("page/" + name)));
    return all.toString();
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError(name + ": is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(name + ": cannot be read from the jar", e);
    }
  }
}
