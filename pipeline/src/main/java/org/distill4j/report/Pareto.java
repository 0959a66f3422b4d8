package org.distill4j.report;

import java.util.List;
import java.util.Set;
import org.distill4j.recipe.ModelNames;
import org.distill4j.results.Results;

/**
 * The models made from one, for a Pareto chart: what each keeps and what it costs.
 *
 * @param points in the order they were made, the one they were made of first
 */
public record Pareto(List<Point> points) {
  /** Models of a run that the student became. */
  private static final Set<String> MADE =
      Set.of(ModelNames.STUDENT, ModelNames.CORRECTED, ModelNames.PRUNED, ModelNames.INT8);

  /**
   * One candidate.
   *
   * @param accuracy 0 to 1
   * @param parameters trained numbers, or the integers that stand for them
   * @param macs multiply-adds for one example
   * @param integerMacs how many of them multiply integers; null where it was not counted
   * @param p50Ms median time of a call in milliseconds; null if it was not measured
   * @param taken whether it was chosen
   */
  public record Point(
      String name,
      long bytes,
      double accuracy,
      long parameters,
      long macs,
      Long integerMacs,
      Double p50Ms,
      boolean taken) {
    /** Whether nothing is lost by taking this one instead: it is no worse in any figure. */
    boolean dominates(Point other) {
      boolean timed = p50Ms != null && other.p50Ms != null;
      double effort = timed ? p50Ms : macs;
      double others = timed ? other.p50Ms : other.macs;
      boolean noWorse = accuracy >= other.accuracy && bytes <= other.bytes && effort <= others;
      return noWorse && (accuracy > other.accuracy || bytes < other.bytes || effort < others);
    }
  }

  /** Takes a copy. */
  public Pareto {
    points = List.copyOf(points);
  }

  /** What became of a run's student; less than two points where nothing did. */
  static Pareto of(Results results) {
    List<Results.Model> made =
        results.models().stream()
            .filter(m -> MADE.contains(m.name()) && m.metrics().accuracy() != null)
            .toList();
    return new Pareto(
        made.stream()
            .map(
                m ->
                    new Point(
                        m.name(),
                        m.bytes(),
                        m.metrics().accuracy(),
                        m.parameters(),
                        m.macs(),
                        null,
                        m.latency() == null ? null : m.latency().p50Ms(),
                        m.equals(made.get(made.size() - 1))))
            .toList());
  }

  /**
   * The names of those that no other one matches in accuracy, bytes and time, or multiply-adds
   * where no time was measured.
   */
  public List<String> front() {
    return points.stream()
        .filter(p -> points.stream().noneMatch(other -> other.dominates(p)))
        .map(Point::name)
        .toList();
  }
}
