package org.distill4j.advice;

import java.util.Optional;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;

/**
 * The rule {@code family}: hints at a better kind of student where its structure is that of
 * MobileNetV1, depthwise convolutions without inverted residuals, and it does not keep up with its
 * teacher.
 *
 * @param depthwise how many depthwise convolutions it has
 * @param residuals how many additions of two computed values it has
 * @param kept the student's accuracy over the teacher's, once known
 */
public record FamilyRule(int depthwise, int residuals, Optional<Double> kept)
    implements Advice.Entry {
  private static final double KEEPS_UP = 0.98;

  /** Looks at a student's structure. */
  public static FamilyRule of(Graph student, Optional<Double> kept) {
    int depthwise = 0;
    int residuals = 0;
    for (Node node : student.nodes()) {
      if (node.op().equals("Conv") && node.intAttribute("group", 1) > 1) {
        depthwise +=
            student.constant(node.input(1)).filter(w -> w.shape().size(1) == 1).isPresent() ? 1 : 0;
      } else if (node.op().equals("Add")) {
        residuals += node.inputs().stream().noneMatch(i -> student.constant(i).isPresent()) ? 1 : 0;
      }
    }
    return new FamilyRule(depthwise, residuals, kept);
  }

  @Override
  public RuleOfThumb rule() {
    return RuleOfThumb.FAMILY;
  }

  @Override
  public Optional<Advice> advice() {
    return depthwise == 0 || residuals > 0 || kept.orElse(0.0) >= KEEPS_UP
        ? Optional.empty()
        : Optional.of(
            new Advice(
                RuleOfThumb.FAMILY,
                depthwise,
                "the student has %s depthwise convolutions and no inverted residuals; on a hard task mobile-net-v2 carries more"
                    .formatted(depthwise)));
  }
}
