package org.distill4j.report;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.storage.AtomicFile;

/** The Pareto page of a search: all that it tried, as one page that opens offline. */
public final class ParetoPage {
  private static final List<String> SCRIPTS = List.of("dom.js", "pareto.js", "pareto-main.js");

  private ParetoPage() {}

  /**
   * Writes the page; its name holds the old content or the new, never a part.
   *
   * @param title such as the model's file name
   * @param lead what was found, in one sentence
   * @throws org.distill4j.fault.RunFault if the disk refuses
   */
  public static void write(Path file, String title, String lead, Pareto pareto) {
    AtomicFile.write(file, "pareto", of(title, lead, pareto));
  }

  /** The page; the same for the same data. */
  static String of(String title, String lead, Pareto pareto) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("results", Map.of("models", List.of()));
    data.put("curves", List.of());
    data.put("evaluations", List.of());
    data.put("title", title);
    data.put("lead", lead);
    data.put("pareto", shown(pareto));
    return HtmlReport.page("page/pareto.html", title, SCRIPTS, data);
  }

  /** What the script reads; null where there is nothing to compare. */
  static Map<String, Object> shown(Pareto pareto) {
    return pareto.points().size() < 2
        ? null
        : Map.of("points", pareto.points(), "front", pareto.front());
  }
}
