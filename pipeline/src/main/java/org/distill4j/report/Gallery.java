package org.distill4j.report;

import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.distill4j.data.Dataset;
import org.distill4j.eval.Evaluation;
import org.distill4j.graph.TaskType;

/** The example gallery of a report: chooses examples that teach something, and pictures them. */
public final class Gallery {
  private Gallery() {}

  /**
   * Test examples the models disagree about before those that all get wrong before those that all
   * get right; none where the task is not a single label. Each way to disagree gets its turn, and
   * within it the class shown least so far.
   *
   * @param count how many to choose, at most
   * @param evaluations of the models on one split
   * @return their places in the split; the same for the same evaluations
   */
  public static long[] pick(int count, List<Evaluation> evaluations) {
    if (evaluations.get(0).task() != TaskType.SINGLE_LABEL) {
      return new long[0];
    }
    Map<String, Deque<Integer>> ways =
        new TreeMap<>(
            Comparator.comparingInt(Gallery::rank).thenComparing(Comparator.naturalOrder()));
    for (int i = 0; i < evaluations.get(0).n(); i++) {
      StringBuilder way = new StringBuilder();
      for (Evaluation evaluation : evaluations) {
        way.append(evaluation.predictions().isRight(i) ? 'r' : 'w');
      }
      ways.computeIfAbsent(way.toString(), w -> new ArrayDeque<>()).add(i);
    }
    int[] shown = new int[evaluations.get(0).confusion().classes().size()];
    List<Long> picked = new ArrayList<>();
    while (picked.size() < count && !ways.isEmpty()) {
      for (Deque<Integer> way : List.copyOf(ways.values())) {
        if (picked.size() < count && !way.isEmpty()) {
          int index = leastShown(way, evaluations.get(0), shown);
          way.remove(index);
          shown[evaluations.get(0).predictions().truth(index)]++;
          picked.add((long) index);
        }
      }
      ways.values().removeIf(Deque::isEmpty);
    }
    return picked.stream().mapToLong(Long::longValue).toArray();
  }

  private static int rank(String way) {
    return way.indexOf('r') < 0 ? 1 : way.indexOf('w') < 0 ? 2 : 0;
  }

  private static int leastShown(Deque<Integer> way, Evaluation evaluation, int[] shown) {
    int best = way.peek();
    for (int index : way) {
      if (shown[evaluation.predictions().truth(index)]
          < shown[evaluation.predictions().truth(best)]) {
        best = index;
      }
    }
    return best;
  }

  /** The first example of each class in turn, at most {@code count}. */
  public static long[] oneOfEach(Dataset data, int count) {
    boolean[] seen = new boolean[data.classes().size()];
    long[] first = new long[seen.length];
    int found = 0;
    for (long i = 0; i < data.size() && found < seen.length; i++) {
      int label = data.label(i);
      if (!seen[label]) {
        seen[label] = true;
        first[label] = i;
        found++;
      }
    }
    List<Long> chosen = new ArrayList<>();
    for (int k = 0; k < seen.length && chosen.size() < count; k++) {
      if (seen[k]) {
        chosen.add(first[k]);
      }
    }
    return chosen.stream().mapToLong(Long::longValue).toArray();
  }

  /**
   * Test examples with what the models say of them.
   *
   * @param probabilities by model, in the order to show; one row per index, one number per class
   */
  public static List<ReportData.Sample> samples(
      Dataset data, long[] indices, Map<String, double[][]> probabilities) {
    List<Optional<Picture>> pictures = pictures(data, indices);
    List<ReportData.Sample> samples = new ArrayList<>();
    for (int i = 0; i < indices.length; i++) {
      List<ReportData.Answer> answers = new ArrayList<>();
      for (Map.Entry<String, double[][]> model : probabilities.entrySet()) {
        answers.add(
            new ReportData.Answer(
                model.getKey(), Arrays.stream(model.getValue()[i]).boxed().toList()));
      }
      samples.add(
          new ReportData.Sample(
              indices[i],
              data.label(indices[i]),
              pictures.get(i),
              cells(data, indices[i]),
              answers));
    }
    return samples;
  }

  /**
   * Training examples with what the teacher says of them.
   *
   * @param temperature the one the student learns at
   * @param logits one row per index, one number per class, before softmax
   */
  public static ReportData.SoftLabels softLabels(
      Dataset data, long[] indices, double temperature, double[][] logits) {
    List<Optional<Picture>> pictures = pictures(data, indices);
    List<ReportData.SoftLabel> labels = new ArrayList<>();
    for (int i = 0; i < indices.length; i++) {
      labels.add(
          new ReportData.SoftLabel(
              indices[i],
              data.label(indices[i]),
              pictures.get(i),
              cells(data, indices[i]),
              Arrays.stream(logits[i]).boxed().toList()));
    }
    return new ReportData.SoftLabels(temperature, labels);
  }

  /** None but for a row of a table. */
  private static List<List<String>> cells(Dataset data, long index) {
    if (data.table().isEmpty()) {
      return List.of();
    }
    float[] numbers = new float[Math.toIntExact(data.shape().elements())];
    data.read(index, FloatBuffer.wrap(numbers));
    return data.table().get().cells(numbers);
  }

  /** All with one black and one white: 0 and 1, 16 or 255, or the extremes of other values. */
  private static List<Optional<Picture>> pictures(Dataset data, long[] indices) {
    float low = 0;
    float high = 0;
    float[][] values = new float[indices.length][Math.toIntExact(data.shape().elements())];
    for (int i = 0; i < indices.length; i++) {
      data.read(indices[i], FloatBuffer.wrap(values[i]));
      for (float value : values[i]) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    float brightest = high;
    for (float usual : new float[] {255, 16, 1}) {
      high = low == 0 && brightest <= usual ? usual : high;
    }
    List<Optional<Picture>> pictures = new ArrayList<>();
    for (float[] row : values) {
      pictures.add(Picture.of(data.shape(), row, low, high));
    }
    return pictures;
  }
}
