package org.distill4j.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.eval.Confusion;
import org.distill4j.eval.Evaluation;
import org.distill4j.results.Results;

/** What the page's script reads: the report's data as plain maps and lists. */
final class PageData {
  /** Points of a curve. */
  private static final int CUTS = 200;

  private PageData() {}

  static Map<String, Object> of(ReportData data) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("results", data.results());
    page.put("says", data.results().comparisons().stream().map(Results.Comparison::says).toList());
    page.put("gains", Gains.of(data.results()));
    page.put("classes", data.classes());
    page.put("curves", data.curves());
    page.put("evaluations", data.evaluations().stream().map(PageData::evaluation).toList());
    page.put("samples", data.samples().stream().map(PageData::sample).toList());
    page.put("softLabels", data.softLabels().map(PageData::softLabels).orElse(null));
    page.put("courses", data.courses());
    page.put("pareto", ParetoPage.shown(Pareto.of(data.results())));
    page.put("recipe", data.recipe());
    page.put("environment", data.environment());
    return page;
  }

  private static Map<String, Object> evaluation(ReportData.Judged judged) {
    Evaluation evaluation = judged.evaluation();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("model", judged.model());
    map.put("n", evaluation.n());
    map.put("accuracy", evaluation.accuracy());
    map.put("confusion", counts(evaluation.confusion()));
    map.put("bins", evaluation.calibration().bins());
    map.put("calibrationError", evaluation.calibration().error());
    List<double[]> cuts = evaluation.predictions().cuts(CUTS);
    map.put("positive", cuts.isEmpty() ? null : evaluation.predictions().positive());
    map.put(
        "cuts", cuts.stream().map(cut -> rounded(Arrays.stream(cut).boxed().toList())).toList());
    return map;
  }

  private static List<List<Integer>> counts(Confusion confusion) {
    int classes = confusion.classes().size();
    List<List<Integer>> rows = new ArrayList<>();
    for (int truth = 0; truth < classes; truth++) { // none where the task is not a single label
      List<Integer> row = new ArrayList<>();
      for (int answer = 0; answer < classes; answer++) {
        row.add(confusion.count(truth, answer));
      }
      rows.add(row);
    }
    return rows;
  }

  private static Map<String, Object> sample(ReportData.Sample sample) {
    Map<String, Object> map =
        example(sample.index(), sample.truth(), sample.picture(), sample.cells());
    List<Map<String, Object>> answers = new ArrayList<>();
    for (ReportData.Answer answer : sample.answers()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("model", answer.model());
      one.put("probabilities", rounded(answer.probabilities()));
      answers.add(one);
    }
    map.put("answers", answers);
    return map;
  }

  private static Map<String, Object> softLabels(ReportData.SoftLabels softLabels) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("temperature", softLabels.temperature());
    List<Map<String, Object>> labels = new ArrayList<>();
    for (ReportData.SoftLabel label : softLabels.labels()) {
      Map<String, Object> one =
          example(label.index(), label.truth(), label.picture(), label.cells());
      one.put("logits", rounded(label.logits()));
      labels.add(one);
    }
    map.put("labels", labels);
    return map;
  }

  private static Map<String, Object> example(
      long index, int truth, Optional<Picture> picture, List<List<String>> cells) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("index", index);
    map.put("truth", truth);
    map.put("picture", picture.orElse(null));
    map.put("cells", cells);
    return map;
  }

  /** More decimals than anybody sees would only make the page bigger. */
  private static List<Double> rounded(List<Double> values) {
    return values.stream().map(v -> Math.round(v * 1e5) / 1e5).toList();
  }
}
